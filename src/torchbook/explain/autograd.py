"""Rules for errors of autograd: graphs that are missing, already freed, or whose tensors were changed in place."""

import ast
import re

import torch
from torch import Tensor, nn

from torchbook.explain.failing_code import text_of
from torchbook.explain.rule import Match, Rule

_LIST = r"\[[\d, ]*\]"


def _changed(match: Match) -> str:
    operation = re.sub(r"Backward\d*$", "", match["operation"])
    written = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).lower()
    # Only names that a person could have written; views and updates have others.
    from_where = f", the result of `{written}`," if written and hasattr(Tensor, written) else ""
    if operation in ("AsStrided", "View", "T", "Transpose", "Select", "Slice"):
        from_where = ", a view of another,"
    return (
        f"A tensor of shape {match['shape']}{from_where} was changed in place after the forward pass, but its old "
        "numbers are needed for the gradient."
    )


def _may_be_a_gradient(match: Match) -> bool:
    """Returns True if the None is a `.grad`, or if the code does not show what it is."""
    code = match.context.code
    if code.expression is None:
        return True
    nodes = [node for node in ast.walk(code.expression) if isinstance(node, ast.expr)]
    nothing = [node for node in nodes if code.value(node) is None and not isinstance(node, ast.Constant)]
    sources = [*nothing, *(source for node in nothing if (source := code.source_of(node)) is not None)]
    if any(isinstance(source, ast.Attribute) and source.attr == "grad" for source in sources):
        return True
    return not nothing and any(isinstance(node, ast.Attribute) and node.attr == "grad" for node in nodes)


def _no_path_fix(match: Match) -> str:
    """Names what cuts the path from the parameters to the loss, as far as the program shows it."""
    code = match.context.code
    models = [value for value in code.names.values() if isinstance(value, nn.Module)]
    parameters = [parameter for model in models for parameter in model.parameters()]
    if parameters and not any(parameter.requires_grad for parameter in parameters):
        return (
            "All parameters are frozen (`requires_grad = False`): let those of the layers that should learn, such as a"
            " new last layer, require a gradient, or make that layer after freezing the others."
        )
    if not torch.is_grad_enabled():
        return "Gradients are switched off here: take the training step out of `torch.no_grad()`."
    if updated := _updated_without_graph(match):
        return (
            f"Line {updated[1]} makes a new tensor `{updated[0]}`, which records no gradient: change the old one in"
            f" place, `{updated[0]} -= ...` instead of `{updated[0]} = {updated[0]} - ...`."
        )
    lines = _lines_behind(match)
    for node in ast.walk(code.tree or ast.Module([], [])):
        cut = _cut(node)
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if cut and (first in lines or (isinstance(node, ast.With) and lines & set(range(first, last + 1)))):
            if models or cut != ".detach()":
                return (
                    f"`{cut}` in line {first} cuts the path: the loss must be computed from the output of the model"
                    " itself, in torch alone, up to `backward`."
                )
            return (
                f"`{cut}` in line {first} cuts the path: leave it out, or, to have the slope there, let its result"
                " require a gradient: `.detach().requires_grad_()`."
            )
    return (
        "Make the parameters with `requires_grad=True`, and don't cut the path with `.detach()`, `.item()`, `argmax`, "
        "`torch.tensor(result)` or `torch.no_grad()`."
    )


def _numpy_fix(match: Match) -> str:
    """Names what has to be cut off: what `.numpy()` was called on, or the tensors of the line that have a graph."""
    code = match.context.code
    call = code.call
    if call is not None and isinstance(call.func, ast.Attribute) and call.func.attr == "numpy" and code.receiver:
        recorded = [code.receiver]
    else:
        recorded = [written for node in (call.args if call else ()) if (written := _recorded(match, node))]
    if len(recorded) > 1:
        return "Cut them off first: " + " and ".join(f"`{written}.detach()`" for written in recorded) + "."
    written = recorded[0] if recorded else match.context.name_of(lambda value: value.requires_grad)
    return f"Cut it off first: `{written}.detach().numpy()`; for a single number `loss.item()`."


def _recorded(match: Match, argument: ast.expr) -> str:
    """Returns the source of an argument that has a graph, ready for a method call; "" for one that has none."""
    code = match.context.code
    value = code.value(argument)
    if isinstance(value, Tensor):
        return text_of(argument) if value.requires_grad else ""
    if isinstance(argument, ast.Call) and isinstance(code.value(argument.func), nn.Module):
        return text_of(argument)
    names = [part for part in ast.walk(argument) if isinstance(part, ast.Name)]
    has_graph = any(isinstance(part := code.value(name), Tensor) and part.requires_grad for name in names)
    if has_graph and isinstance(argument, ast.BinOp):
        return f"({text_of(argument)})" if text_of(argument) else ""
    return ""


def _updated_without_graph(match: Match) -> tuple[str, int] | None:
    """Returns the name and the line of an update such as `w = w - 0.1 * w.grad` under `no_grad`; None without one."""
    for block in ast.walk(match.context.code.tree or ast.Module([], [])):
        if not isinstance(block, ast.With) or not _cut(block):
            continue
        for node in ast.walk(block):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
                name = text_of(node.targets[0])
                if name == text_of(node.value.left) and ".grad" in ast.unparse(node.value.right):
                    return name, node.lineno
    return None


def _cut(node: ast.AST) -> str:
    """Returns what in a call or a `with` ends the record of gradients, "" if nothing does."""
    if isinstance(node, ast.With):
        written = " ".join(ast.unparse(item.context_expr) for item in node.items)
        return next((name for name in ("no_grad", "inference_mode") if name in written), "") and f"with {written}"
    if not isinstance(node, ast.Call):
        return ""
    written = ast.unparse(node.func)
    last = written.rpartition(".")[2]
    if last in ("item", "detach", "numpy", "tolist", "argmax"):
        return f".{last}()"
    if (
        written in ("torch.tensor", "torch.Tensor", "torch.FloatTensor", "torch.as_tensor", "torch.from_numpy")
        and node.args
    ):
        argument = node.args[0]
        literal = all(
            isinstance(part, ast.List | ast.Tuple | ast.Constant | ast.UnaryOp | ast.USub | ast.Load)
            for part in ast.walk(argument)
        )
        return "" if literal or isinstance(argument, ast.Subscript) else f"{written}(...)"
    return ""


def _lines_behind(match: Match) -> set[int]:
    """Returns the lines in which the names behind the failing line got their values, or are defined."""
    code = match.context.code
    waiting = [node.id for node in ast.walk(code.expression or ast.Module([], [])) if isinstance(node, ast.Name)]
    lines: set[int] = set()
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for place in code.assignments(name):
            lines.add(place.line)
            if place.value is not None:
                waiting += [node.id for node in ast.walk(place.value) if isinstance(node, ast.Name)]
        for node in ast.walk(code.tree or ast.Module([], [])):
            appends = isinstance(node, ast.Call) and ast.unparse(node.func) == f"{name}.append"
            if appends or (isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name):
                lines |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))  # type: ignore[attr-defined]
    return lines


def _twice_fix(match: Match) -> str:
    """Names the tensor that brings an old graph along, as far as the program shows it."""
    code = match.context.code
    tree = code.scope or code.tree or ast.Module([], [])
    loops = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.While) and node.lineno < code.line <= (node.end_lineno or 0)
    ]
    if loops and (name := next(filter(None, map(_carried, ast.walk(loops[-1]))), "")):
        if isinstance(code.names.get(name), tuple):
            cut = f"{name} = tuple(state.detach() for state in {name})"
        else:
            cut = f"{name} = {name}.detach()"
        return (
            f"`{name}` brings the graph of the step before along: cut it off in each step, before it is used, `{cut}`."
        )
    loss = _differentiated(code.expression)
    place = code.origin(loss) if loss else None
    if loops and loss and (line := _added_up(loops[-1], loss)):
        return (
            f"Line {line} adds to `{loss}`, which still holds the graphs of the steps before: call `backward` on the"
            f" loss of this step alone, and add up plain numbers, `{loss} += loss.item()`."
        )
    if loops and place and place.line < loops[0].lineno:
        return f"`{loss}` was computed once, in line {place.line}, before the loop: compute it anew in every step."
    for call in ast.walk(tree):
        other = _differentiated(call)
        if other and loss and other != loss and getattr(call, "lineno", 0) < code.line:
            shared = [name for name in _names_behind(match, loss) if name in _names_behind(match, other)]
            name = next((name for name in shared if _has_graph(code.names.get(name))), "")
            if name:
                if sum(isinstance(value, nn.Module) for value in code.names.values()) > 1:
                    return (
                        f"`{name}` is behind both `{other}` and `{loss}`: compute `{other}` from `{name}.detach()`, if"
                        f" it should not change what made `{name}` (as the loss of a discriminator); to train all by"
                        f" both, call `({other} + {loss}).backward()` once."
                    )
                return f"`{name}` is behind both `{other}` and `{loss}`: call `({other} + {loss}).backward()` once."
    return (
        "Compute the prediction and the loss anew in every step, before `backward`; for a value kept from the step "
        "before use `.detach()`. Only if you really need both: `loss.backward(retain_graph=True)`."
    )


def _added_up(loop: ast.AST, name: str) -> int:
    """Returns the line in a loop that adds to a name, 0 if there is none or if the loop sets the name anew."""
    sets = [
        node
        for node in ast.walk(loop)
        if isinstance(node, ast.Assign) and any(text_of(target) == name for target in node.targets)
    ]
    adds: list[ast.AugAssign | ast.Assign] = [
        node for node in ast.walk(loop) if isinstance(node, ast.AugAssign) and text_of(node.target) == name
    ]
    adds += [node for node in sets if isinstance(node.value, ast.BinOp) and text_of(node.value.left) == name]
    anew = any(node not in adds for node in sets)
    return adds[0].lineno if adds and not anew else 0


def _carried(node: ast.AST) -> str:
    """Returns the name that a call both takes and gives, as the state in `out, state = rnn(x, state)`; "" if none."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return ""
    given = {argument.id for argument in node.value.args if isinstance(argument, ast.Name)}
    targets = [part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
    return next((name for name in targets if name in given and isinstance(node.targets[0], ast.Tuple)), "")


def _differentiated(node: ast.AST | None) -> str:
    """Returns `loss` for the call `loss.backward()`, "" for all else."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "backward":
        return ""
    return node.func.value.id if isinstance(node.func.value, ast.Name) else ""


def _names_behind(match: Match, name: str) -> list[str]:
    """Returns the names in the expression that a name got its value from."""
    source = match.context.code.source_of(ast.Name(name))
    return [node.id for node in ast.walk(source or ast.Module([], [])) if isinstance(node, ast.Name)]


def _has_graph(value: object) -> bool:
    return isinstance(value, Tensor) and value.grad_fn is not None


def _output(match: Match) -> list[int] | None:
    """Returns the shape of the tensor that `backward` was called on."""
    return match.context.shape("self") or next((list(value.shape) for value in _tensors(match)), None)


def _tensors(match: Match) -> tuple[Tensor, ...]:
    outputs = match.context.arguments.get("outputs") or match.context.arguments.get("tensors") or ()
    return tuple(value for value in outputs if isinstance(value, Tensor)) if isinstance(outputs, tuple | list) else ()


RULES = (
    Rule(
        "backward-without-graph",
        "autograd",
        r"element (?P<i>\d+) of tensors does not require grad and does not have a grad_fn",
        "There is no path from this result back to a tensor that requires a gradient, so `backward` has nothing to do.",
        _no_path_fix,
        ("computation graph", "gradient", "detach"),
    ),
    Rule(
        "backward-of-many",
        "autograd",
        r"grad can be implicitly created only for scalar outputs",
        lambda match: (
            "`backward` starts from one number, but this tensor has several"
            + (f": its shape is {_output(match)}." if _output(match) else ".")
        ),
        "Make one number of it first: `loss.mean().backward()` or `loss.sum().backward()`.",
        ("loss", "scalar", "gradient"),
    ),
    Rule(
        "backward-twice",
        "autograd",
        r"Trying to backward through the graph a second time",
        "`backward` was called twice through the same graph, which is thrown away after the first time.",
        _twice_fix,
        ("computation graph", "backpropagation", "detach"),
    ),
    Rule(
        "changed-before-backward",
        "autograd",
        rf"modified by an inplace operation: \[(?:torch\.)?[\w.]+ (?P<shape>{_LIST})\](?:, which is output \d+ of "
        r"(?P<operation>\w+),)? is at version (?P<now>\d+); expected version (?P<then>\d+)",
        _changed,
        "Write `y = y + 1` instead of `y += 1`, and call `optimizer.step()` only after the last `backward` through "
        "these weights.",
        ("in-place operation", "backpropagation"),
    ),
    Rule(
        "leaf-in-place",
        "autograd",
        r"a (?P<what>view of a leaf|leaf) Variable that requires grad is being used in an in-place operation",
        "A tensor with `requires_grad=True` was changed in place (`-=`, `add_`, `x[0] = ...`) while autograd was "
        "recording.",
        "An update of weights is not part of the graph: put it into `with torch.no_grad():`. Anything else: make a new "
        "tensor, `y = x + 1`.",
        ("in-place operation", "gradient descent", "autograd"),
    ),
    Rule(
        "flag-of-a-result",
        "autograd",
        r"you can only change requires_grad flags of leaf variables",
        "`requires_grad` can only be set on tensors that you made yourself; this one is the result of a computation.",
        "Use `x.detach()`: the same numbers without the history.",
        ("detach", "computation graph"),
    ),
    Rule(
        "numpy-of-a-graph",
        "autograd",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy knows nothing of gradients, but this tensor is part of a computation graph.",
        _numpy_fix,
        ("detach", "computation graph"),
    ),
    Rule(
        "gradient-not-used",
        "autograd",
        r"The differentiated Tensor at index (?P<i>\d+) appears to not have been used in the graph",
        "A gradient was asked for with respect to tensor number {i}, but the result does not depend on it.",
        "Check that this very tensor (and not a copy) is used in the computation; `allow_unused=True` gives None for "
        "it.",
        ("gradient", "computation graph"),
    ),
    Rule(
        "gradient-of-a-constant",
        "autograd",
        r"One of the differentiated Tensors does not require grad",
        "A gradient was asked for with respect to a tensor that does not record one.",
        "Make it with `requires_grad=True` before the computation: `x.requires_grad_()`.",
        ("gradient", "autograd"),
    ),
    Rule(
        "gradient-shape",
        "autograd",
        rf"grad_output\[\d+\] has a shape of torch\.Size\((?P<got>{_LIST})\) and output\[\d+\] has a shape of "
        rf"torch\.Size\((?P<want>{_LIST})\)"
        rf"|attempting to assign a gradient of size '(?P<got2>{_LIST})' to a tensor of size '(?P<want2>{_LIST})'",
        "A gradient has the shape of its tensor: this tensor has shape {want}, the gradient {got}.",
        "Sum over what was broadcast, or transpose: check `gradient.shape == x.shape`.",
        ("gradient", "shape"),
    ),
    Rule(
        "no-gradient-yet",
        "autograd",
        r"'NoneType' object has no attribute '(?P<name>zero_|add_|mul_|norm|data|detach_?)'"
        r"|unsupported operand type\(s\) for (?P<sign>[*/]): '(?:float|int)' and 'NoneType'",
        lambda match: (
            "Something is None here, most probably a `.grad`"
            + (f": it has no `{match['name']}`" if match["name"] else ": it cannot be multiplied")
            + ". No `backward` has reached this tensor (or the name now stands for a new tensor, as after `w = w - "
            "...`)."
        ),
        "Call `loss.backward()` first, make the tensor with `requires_grad=True`, and update it in place: `with "
        "torch.no_grad(): w -= lr * w.grad`.",
        ("gradient", "autograd"),
        when=_may_be_a_gradient,
    ),
    Rule(
        "copy-of-a-result",
        "autograd",
        r"Only Tensors created explicitly by the user \(graph leaves\) support the deepcopy protocol",
        "`copy.deepcopy` cannot copy a tensor that is the result of a computation with gradients.",
        "Cut it off first: `x.detach().clone()`.",
        ("detach", "computation graph"),
    ),
    Rule(
        "inference-tensor",
        "autograd",
        r"Inference tensors cannot be saved for backward|Inplace update to inference tensor outside InferenceMode",
        "A tensor made under `torch.inference_mode()` can never take part in computing gradients.",
        "Use `torch.no_grad()` there, or make a copy outside: `x.clone()`.",
        ("inference", "autograd"),
    ),
    Rule(
        "in-place-on-repeated",
        "autograd",
        r"more than one element of the written-to tensor refers to a single memory location",
        "After `expand` several places of the tensor are one and the same number in memory, so it cannot be changed in "
        "place.",
        "Make a real copy first: `x.expand(3, 4).clone()`.",
        ("in-place operation", "broadcasting"),
    ),
    Rule(
        "detach-a-view",
        "autograd",
        r"Can't detach views in-place",
        "`detach_()` would cut a view off while the tensor that it looks at stays in the graph.",
        "Use `x.detach()`, without the underscore.",
        ("detach", "in-place operation"),
    ),
    Rule(
        "resize-with-gradient",
        "autograd",
        r"cannot resize variables that require grad",
        "A tensor that requires a gradient cannot be resized in place.",
        "Make a new one: `x.reshape(...)`, `x[:n]` or `torch.cat`.",
        ("in-place operation", "reshape"),
    ),
)
