"""Rules for ordinary errors of Python that belong to no other family."""

import ast

from torchbook.explain.failing_code import text_of
from torchbook.explain.rule import Match, Rule


def _condition(match: Match) -> str:
    statement = match.context.code.statement
    return text_of(statement.test) if isinstance(statement, ast.Assert) else ""


def _demanded(match: Match) -> str:
    condition = _condition(match)
    return (
        f"The program itself demands `{condition}` in this line, and that is not so."
        if condition
        else ("The program itself demands something in this line (`assert`) that is not so.")
    )


def _demanded_fix(match: Match) -> str:
    condition = _condition(match)
    if "cuda" in condition and "available" in condition:
        return (
            "There is no GPU here: take the `assert` out and choose, `device = 'cuda' if torch.cuda.is_available() else"
            " 'cpu'`."
        )
    sides = [
        part for part in ast.walk(match.context.code.statement or ast.Module([], [])) if isinstance(part, ast.Compare)
    ]
    if sides:
        return f"Print both sides before it: `print({text_of(sides[0].left)})`."
    return "Look at what it is about, or print its parts before it."


def _endless_fix(match: Match) -> str:
    code = match.context.code
    scope = code.scope
    setter = isinstance(scope, ast.FunctionDef) and any(
        (isinstance(item, ast.Attribute) and item.attr == "setter")
        or (isinstance(item, ast.Name) and item.id == "property")
        for item in scope.decorator_list
    )
    if setter or code.function in ("__setattr__", "__getattr__"):
        return "A property must not use its own name: store the value as `self._name`."
    if code.function == "forward":
        return "In a module `forward` must not call `self(x)`: call one of its layers, `self.layer(x)`."
    return "Give it a case in which it returns without calling itself; in a module `forward` must not call `self(x)`."


def _mutable_default(match: Match) -> ast.FunctionDef | None:
    """Returns the function behind the failing line that has a list or a dictionary as the default of a parameter."""
    code = match.context.code
    names = [node.id for node in ast.walk(code.statement or ast.Module([], [])) if isinstance(node, ast.Name)]
    sources = [place.value for name in names for place in code.assignments(name) if place.value is not None]
    called = {text_of(node.func) for source in sources for node in ast.walk(source) if isinstance(node, ast.Call)}
    for node in ast.walk(match.context.code.tree or ast.Module([], [])):
        if isinstance(node, ast.FunctionDef):
            defaults = [*node.args.defaults, *node.args.kw_defaults]
            if any(isinstance(default, ast.List | ast.Dict | ast.Set) for default in defaults) and node.name in called:
                return node
    return None


def _mutable_default_what(match: Match) -> str:
    function = _mutable_default(match)
    name = function.name if function else ""
    return (
        f"`{name}` has a list (or dictionary) as the default of a parameter. It is made once, when the function is"
        " defined, so every call goes on with what the call before put into it."
    )


RULES = (
    Rule(
        "list-as-default",
        "python",
        r"^AssertionError: ",
        _mutable_default_what,
        "Write `=None` there, and in the function: `if values is None: values = []`.",
        when=lambda match: match.context.code.direct and _mutable_default(match) is not None,
    ),
    Rule(
        "ragged-list",
        "shape",
        r"expected sequence of length (?P<want>\d+) at dim (?P<dim>\d+) \(got (?P<got>\d+)\)",
        "A tensor is rectangular: in dimension {dim} one row has {want} entries and another {got}.",
        "Make all rows equally long (cut or pad them), or keep a list of tensors.",
        ("tensor", "padding"),
    ),
    Rule(
        "endless-call",
        "python",
        r"maximum recursion depth exceeded",
        "A function calls itself without end.",
        _endless_fix,
    ),
    Rule(
        "not-in-the-domain",
        "value",
        r"^ValueError: (?:math domain error|expected a (?:non-negative|nonnegative|positive) input)",
        "This function of `math` has no value for that number: there is no logarithm of 0 or of a negative number, and"
        " no root of a negative one.",
        "Print the number before it; for a loss take the logarithm of what is above 0, `math.log(max(p, 1e-12))`.",
    ),
    Rule(
        "number-too-large",
        "value",
        r"^OverflowError: (?:math range error|\(34, )",
        "The result is larger than a number of Python with a decimal point can be.",
        "Print the number before it: has something grown without end, as with too large a learning rate? A sigmoid of"
        " large numbers is `torch.sigmoid(x)`.",
    ),
    Rule("own-assertion", "python", r"^AssertionError: ?$", _demanded, _demanded_fix),
    Rule(
        "not-written-yet",
        "python",
        r"^NotImplementedError: ?$",
        "This part is still to be written: a `raise NotImplementedError` stands in its place.",
        "Write the method in your own class, under exactly this name.",
    ),
)
