"""Slips of the pen that Python reads as something else; they come before the rules for what Python then says."""

import ast
from types import MethodType, ModuleType
from typing import Any

from torch import nn

from torchbook.explain.failing_code import UNKNOWN, text_of
from torchbook.explain.objects import in_words, type_in_words
from torchbook.explain.rule import Match, Rule


def _comma_fix(match: Match) -> str:
    node: Any = match.context.code.expression
    first = node.value if isinstance(node, ast.Subscript) else node.func if isinstance(node, ast.Call) else None
    if first is None:
        return "Put a comma between the two."
    line = first.end_lineno
    return (
        f"Put a comma at the end of line {line}, between the two brackets."
        if line != node.end_lineno
        else (f"Put a comma behind `{text_of(first)}`." if text_of(first) else "Put a comma between the two brackets.")
    )


def _comma_missing(match: Match) -> bool:
    # A number before a bracket is a product in mathematics.
    called = match.context.code.call
    number = called is not None and isinstance(called.func, ast.Constant | ast.BinOp)
    return not number and "missed a comma" in match.context.code.python_warning()


def _comma(match: Match) -> str:
    warning = match.context.code.python_warning().partition(";")[0]
    return (
        f'Python itself warns of this line: "{warning}; perhaps you missed a comma?" Without one the second bracket is '
        "read as an index (or a call) of the first."
    )


def _context(match: Match) -> tuple[str, Any]:
    """Returns what stands after `with`, as it is written and itself."""
    statement = match.context.code.statement
    items = statement.items if isinstance(statement, ast.With) else []
    node = items[0].context_expr if items else None
    return text_of(node), match.context.code.value(node)


def _no_context(match: Match) -> str:
    written, value = _context(match)
    who = f"`{written}` is {in_words(value)}" if written and value is not UNKNOWN else type_in_words(match["type"])
    return f"`with` needs something that begins and ends, but {who}."


def _no_context_fix(match: Match) -> str:
    written, value = _context(match)
    if match["type"] in ("type", "builtin_function_or_method", "function", "method") or isinstance(value, type):
        return f"Write the brackets: `with {written or 'torch.no_grad'}():`."
    if isinstance(value, nn.Module) or written.endswith((".eval()", ".train()")):
        return f"Write it in a line of its own, without `with`: `{written or 'model.eval()'}`."
    if match["type"] == "str":
        return f"To open a file write `with open({written}) as file:`."
    return "Write it in a line of its own, without `with`."


def _super_given_self(match: Match) -> bool:
    call = match.context.code.call
    func = call.func if call else None
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Call)
        and text_of(func.value.func) == "super"
        and bool(call and call.args and text_of(call.args[0]) == "self")
    )


def _base_fix(match: Match) -> str:
    """Names the class that was meant: `nn.Module` for `nn`, `Dataset` for the module of data sets."""
    code = match.context.code
    statement = code.statement
    for base in statement.bases if isinstance(statement, ast.ClassDef) else ():
        module = code.value(base)
        for name in ("Module", "Dataset"):
            if isinstance(module, ModuleType) and isinstance(vars(module).get(name), type):
                written = statement.name if isinstance(statement, ast.ClassDef) else "Net"
                return f"Name the class in it: `class {written}({text_of(base)}.{name}):`."
    return "Name the class in it, such as `class Net(nn.Module):`."


def _hidden(match: Match) -> tuple[str, Any, str]:
    """Returns a name that hides a module in the failing line, its value, and where it got it; "" if there is none."""
    code = match.context.code
    node = code.call.func if code.call is not None else code.expression
    if not (place := code.hidden_import(node)) or not isinstance(node, ast.Attribute):
        return "", UNKNOWN, ""
    return text_of(node.value), code.value(node.value), place


def _hidden_what(match: Match) -> str:
    name, value, place = _hidden(match)
    return f"The module `{name}` was imported, but `{name}` got another value {place} and is {in_words(value)} now."


def _kept_method(match: Match) -> tuple[str, str]:
    """Returns the name that stands for a method of a model, and that of the method; two "" if it is called as one."""
    call = match.context.code.call
    method = match.context.code.callee
    if call is None or not isinstance(call.func, ast.Name) or not isinstance(method, MethodType):
        return "", ""
    return call.func.id, method.__name__


RULES = (
    Rule(
        "module-hidden",
        "python",
        r"^(?:TypeError|AttributeError): ",
        _hidden_what,
        lambda match: f"Use another name there, so that `{_hidden(match)[0]}` stays the module.",
        when=lambda match: bool(_hidden(match)[0]),
    ),
    Rule(
        "missing-comma",
        "python",
        r"object is not (?:callable|subscriptable)|indices must be integers",
        _comma,
        _comma_fix,
        ("tensor",),
        when=_comma_missing,
    ),
    Rule(
        "power-with-a-caret",
        "python",
        r"bitwise_xor|unsupported operand type\(s\) for \^|unsupported operand type\(s\) for \^=",
        "`^` is no power in Python: it compares bit by bit (exclusive or).",
        "A power is written `**`: `x ** 2`.",
    ),
    Rule(
        "not-a-context",
        "python",
        r"'(?P<type>[\w.]+)' object does not support the (?:asynchronous )?context manager protocol",
        _no_context,
        _no_context_fix,
    ),
    Rule(
        "super-without-brackets",
        "python",
        r"descriptor '(?P<name>\w+)' of 'super' object needs an argument|type object 'super' has no attribute"
        r" '(?P<name2>\w+)'",
        "`super` is called with brackets of its own; without them it is Python's class `super` itself.",
        "Write `super().{name}()`.",
        ("module",),
    ),
    Rule(
        "super-method-misspelt",
        "python",
        r"'super' object has no attribute '(?P<name>\w*init\w*)'",
        "The method that sets the object up has two underscores on each side of its name.",
        "Write `super().__init__()`.",
        ("module",),
    ),
    Rule(
        "super-of-another-class",
        "python",
        r"super\(type, obj\): obj must be an instance or subtype of type",
        "`super(...)` names another class than the one that it stands in, perhaps because the lines were copied.",
        "Write `super().__init__()`, which needs no name.",
        ("module",),
    ),
    Rule(
        "super-given-self",
        "python",
        r"__init__\(\) takes \d+ positional arguments? but \d+ were given",
        "`super().__init__` gets the object by itself; here it was given a second time.",
        "Leave `self` out: `super().__init__()`.",
        ("module",),
        when=_super_given_self,
    ),
    Rule(
        "super-outside-a-method",
        "python",
        r"super\(\): (?:no arguments|__class__ cell not found)",
        "`super()` works only inside a method of a class, whose first parameter is the object.",
        "Write `def __init__(self):` inside the class, and `super().__init__()` in it.",
        ("module",),
    ),
    Rule(
        "module-as-base-class",
        "python",
        r"module\(\) takes at most 2 arguments \(\d given\)|module\.__init__\(\) (?:takes at most 2|argument 2)",
        "A class inherits from a class, but a module, a whole library, stands in the brackets.",
        _base_fix,
        ("module",),
    ),
    Rule(
        "method-in-place-of-the-model",
        "python",
        r"training mode is expected to be boolean|Module\.(?:train|eval)\(\) (?:got an unexpected|takes)",
        lambda match: (
            f"`{_kept_method(match)[0]}` is a model's method `{_kept_method(match)[1]}` itself, not the model."
        ),
        lambda match: (
            f"The brackets were missing where `{_kept_method(match)[0]}` got its value: write"
            f" `model.{_kept_method(match)[1]}()` in a line of its own, without `{_kept_method(match)[0]} =` before it."
        ),
        ("training mode",),
        when=lambda match: bool(_kept_method(match)[0]),
    ),
    Rule(
        "train-takes-no-data",
        "python",
        r"training mode is expected to be boolean|Module\.(?:train|eval)\(\) (?:got an unexpected|takes)",
        "`model.train()` does not train, nor does `model.eval()` evaluate: they switch the model into training mode or"
        " evaluation mode (for dropout and batch normalisation), and take no data.",
        "Write `model.train()` without arguments, and the loop yourself: predict, loss, `backward`, `step`,"
        " `zero_grad`.",
        ("training mode",),
    ),
)
