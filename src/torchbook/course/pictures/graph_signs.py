"""Formats numbers, tensors and operations for a picture of a graph."""

from collections.abc import Mapping

from torch import Tensor

from torchbook.course.pictures.graph_events import Node

# Operations that stand between two things, and functions with a sign of their own.
BETWEEN = {"mul": "×", "add": "+", "sub": "−", "rsub": "−", "div": "÷", "rdiv": "÷", "matmul": "@", "pow": "^"}
POWERS = {2: "²", 3: "³"}
LONGEST = 30  # of an expression that stands for a tensor without a name
ROOM = 16  # characters that fit into a node


def format_number(value: float | int, digits: int = 4) -> str:
    """Formats a number as a person reads it."""
    text = f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.{digits - 1}g}"
    text = f"{value:.0f}" if abs(value) < 1e5 and "e+" in text else text.replace("e+0", "e").replace("e+", "e")
    return ("0" if text == "-0" else text.replace("e-0", "e-")).replace("-", "−")


def tensor_as_text(tensor: Tensor | None) -> str:
    """Formats a small tensor as its numbers, a larger one as its shape."""
    if tensor is None:
        return "None"
    if tensor.numel() == 1:
        return format_number(tensor.item())
    if tensor.ndim == 1 and len(tensor) <= ROOM // 3:
        for digits in (4, 3, 2):
            text = f"[{', '.join(format_number(value, digits) for value in tensor.tolist())}]"
            if len(text) <= ROOM:
                return text
    return f"shape {list(tensor.shape)}"


def sign(node: Node) -> str:
    """Returns the sign of the operation that made a node, with a plain number that belongs to it: `× 2`."""
    if node.sign == "square":
        return "( )²"
    if node.sign not in BETWEEN or len(node.operands) != 2:
        return node.sign
    between, (left, right) = BETWEEN[node.sign], _in_order(node)
    if not isinstance(right, Node):
        return f"( ){POWERS[right]}" if between == "^" and right in POWERS else f"{between} {format_number(right)}"
    return between if isinstance(left, Node) else f"{format_number(left)} {between}"


def formula(node: Node, *, numbers: Mapping[Node, str] | None = None) -> str:
    """Returns the expression of a node, with names or `numbers` for its operands: `w × x`, `3 × 2`, `mean(e)`."""

    def part(operand: object, *, inside: bool) -> str:
        if not isinstance(operand, Node):
            return format_number(operand)  # type: ignore[arg-type]
        text = numbers[operand] if numbers else name_of(operand)
        # What is made of several parts needs brackets: `w × x`, but neither `(w × x)²` nor `the result of ×`.
        several = not numbers and not operand.name and text == formula(operand) and operand.sign in BETWEEN
        return f"({text})" if inside and (text.startswith("−") or (several and text[-1] not in "²³")) else text

    power = 2 if node.sign == "square" else node.operands[1] if node.sign == "pow" else None
    if power in POWERS:
        base = part(node.operands[0], inside=True)
        return f"{f'({base})' if base[-1] in POWERS.values() else base}{POWERS[power]}"
    if node.sign in BETWEEN and len(node.operands) == 2:
        return f" {BETWEEN[node.sign]} ".join(part(operand, inside=True) for operand in _in_order(node))
    if node.sign == "detach":
        return f"{part(node.operands[0], inside=True)}.detach()"
    return f"{node.sign}({', '.join(part(operand, inside=False) for operand in node.operands)})"


def name_of(node: Node) -> str:
    """Returns the name of a node in a sentence: its own, or its expression."""
    if node.name:
        return node.name
    if not node.operands:
        return tensor_as_text(node.value)
    text = formula(node)
    return text if len(text) <= LONGEST else f"the result of {sign(node)}"


def _in_order(node: Node) -> tuple:
    return node.operands[::-1] if node.sign.startswith("r") else node.operands
