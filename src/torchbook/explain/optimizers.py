"""Rules for optimizers and schedules of the learning rate."""

import ast

from torch import Tensor, nn

from torchbook.explain.failing_code import text_of
from torchbook.explain.objects import in_words
from torchbook.explain.rule import Match, Rule


def _optimizer_order(match: Match) -> bool:
    arguments = match.context.arguments
    rate, params = arguments.get("lr"), arguments.get("params")
    return "lr" in arguments and (not isinstance(rate, int | float | Tensor) or isinstance(params, int | float))


def _optimizer_order_what(match: Match) -> str:
    arguments = match.context.arguments
    rate, params = arguments.get("lr"), arguments.get("params")
    if isinstance(params, int | float):
        return f"The parameters come first and the learning rate second, but the first is {params}."
    return f"The learning rate must be a number, but it is {in_words(rate)}."


def _optimizer_order_fix(match: Match) -> str:
    arguments = match.context.arguments
    rate, params = arguments.get("lr"), arguments.get("params")
    optimizer = type(arguments.get("self")).__name__
    if isinstance(params, int | float):
        return f"Exchange the two: `torch.optim.{optimizer}(model.parameters(), lr={params})`."
    if isinstance(rate, tuple):
        if all(type(item) is int for item in rate) and len(rate) == 2:
            return f"The decimal sign is a point: `{rate[0]}.{rate[1]}`. A comma makes a pair of two numbers."
        return "A comma at the end of its line makes a tuple of a number: leave the comma out."
    if isinstance(rate, str):
        nodes = match.context.code.call.keywords if match.context.code.call else []
        node = next((item.value for item in nodes if item.arg == "lr"), None)
        if isinstance(node, ast.Attribute):
            written = text_of(node) or "args.lr"
            return (
                f"Convert it, `float({written})`; what `argparse` reads is a number with `type=float` in its argument."
            )
        return f"Leave the quotes out, or convert it: `float({rate!r})`."
    return f"Write it as a number: `torch.optim.{optimizer}(model.parameters(), lr=0.01)`."


def _no_parameters_fix(match: Match) -> str:
    models = (value for value in match.context.names.values() if isinstance(value, nn.Module))
    for model in models:
        for name, value in vars(model).items():
            parts = value.values() if type(value) is dict else value if isinstance(value, list | tuple) else ()
            if not name.startswith("_") and any(isinstance(part, nn.Module) for part in parts):
                kind = "ModuleDict" if isinstance(value, dict) else "ModuleList"
                return (
                    f"`self.{name}` is a plain {type(value).__name__}, in which layers are not found: make it "
                    f"`self.{name} = nn.{kind}(...)`."
                )
    return (
        "Pass `model.parameters()`; layers must be attributes of the module (`self.layer = nn.Linear(...)`, a list of "
        "them `nn.ModuleList([...])`), and an iterator can be used up only once."
    )


RULES = (
    Rule(
        "optimizer-arguments-exchanged",
        "python",
        r"'[<>]=?' not supported between instances of|'(?:float|int)' object is not iterable"
        r"|params argument given to the optimizer should be an iterable",
        _optimizer_order_what,
        _optimizer_order_fix,
        ("optimizer", "learning rate"),
        when=_optimizer_order,
    ),
    Rule(
        "optimizer-without-parameters",
        "value",
        r"optimizer got an empty parameter list",
        "The optimizer was given no parameters, so there is nothing it could change.",
        _no_parameters_fix,
        ("optimizer", "parameter", "module"),
    ),
    Rule(
        "optimizer-of-a-result",
        "autograd",
        r"can't optimize a non-leaf Tensor",
        "The optimizer was given a tensor that is the result of a computation; only tensors that you made yourself can "
        "be changed by it.",
        "Set `requires_grad=True` after the last computation: `w = (torch.randn(3) * 0.1).requires_grad_()`.",
        ("optimizer", "parameter", "computation graph"),
    ),
    Rule(
        "optimizer-takes-a-list",
        "python",
        r"params argument given to the optimizer should be an iterable of Tensors or dicts, but got (?P<type>[\w.]+)",
        "An optimizer takes a list of parameters, not a single tensor.",
        "Put it into brackets: `torch.optim.SGD([w], lr=0.1)`.",
        ("optimizer", "parameter"),
    ),
    Rule(
        "optimizer-of-strangers",
        "python",
        r"optimizer can only optimize Tensors, but one of the params is (?P<type>[\w.]+)",
        "The optimizer was given a list with a `{type}` in it; it takes the parameters, which are tensors.",
        "Pass `model.parameters()`, or `[*a.parameters(), *b.parameters()]` for two models.",
        ("optimizer", "parameter"),
    ),
    Rule(
        "optimizer-same-twice",
        "value",
        r"some parameters appear in more than one parameter group",
        "A parameter was given to the optimizer twice.",
        "Name every parameter in one group only.",
        ("optimizer", "parameter"),
    ),
    Rule(
        "optimizer-settings",
        "value",
        r"Invalid (?P<name>learning rate|momentum value|weight_decay value|epsilon value|beta parameter at index \d): "
        r"(?P<value>\S+)",
        "The {name} of the optimizer cannot be {value}.",
        "A learning rate is a small positive number such as 0.01; betas are between 0 and 1.",
        ("optimizer", "learning rate", "hyperparameter"),
    ),
    Rule(
        "schedule-too-long",
        "value",
        r"Tried to step (?P<got>\d+) times\. The specified number of total steps is (?P<want>\d+)",
        "The schedule of the learning rate was made for {want} steps, and this is step {got}.",
        "Make it with `total_steps = epochs * len(loader)`, and call `scheduler.step()` once after every "
        "`optimizer.step()`.",
        ("learning rate annealing", "step", "epoch"),
    ),
    Rule(
        "schedule-without-length",
        "value",
        r"You must define either total_steps OR \(epochs AND steps_per_epoch\)",
        "The schedule must know how long training lasts.",
        "Say `total_steps=epochs * len(loader)`.",
        ("learning rate annealing", "step"),
    ),
    Rule(
        "schedule-of-a-stranger",
        "python",
        r"(?P<type>\w+) is not an Optimizer",
        "A schedule changes the learning rate of an optimizer, but was given a `{type}`.",
        "Pass the optimizer: `torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)`.",
        ("learning rate annealing", "optimizer"),
    ),
)
