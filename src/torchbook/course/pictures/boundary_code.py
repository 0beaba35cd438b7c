"""The training that a `Boundary` shows as PyTorch code: the same points, the same module, the same steps."""

from torch import Tensor, nn

from torchbook.course.pictures.boundary_model import ACTIVATIONS, FIGURES, Classifier, Settings


def as_code(settings: Settings | None, classifier: Classifier, *, figure: str) -> str:
    """Returns Python that ends with a trained `model`, its `inputs` and `labels`. Without settings the module is the
    learner's own, and the code leaves it out.

    Weights that were typed, or trained on other points before, cannot be reproduced by training again; then they are
    written out.
    """
    parts = ["import torch\nimport torch.nn.functional as F\nfrom torch import nn", _points(figure, classifier)]
    edited = settings is not None and classifier.edited
    if settings is None:
        parts.append("model = ...  # your own module\nmodel.train()")
    else:
        parts.append(_module(settings, initial=not edited))
    parts.append(_weights(classifier.module) if edited else _training(classifier))
    return "\n\n".join(parts) + "\n"


def _points(figure: str, classifier: Classifier) -> str:
    if figure in FIGURES:
        source, two, _ = FIGURES[figure]
        lines = [
            "from torchbook import load",
            "",
            f'data = load("points?figure={source}&count=300")',
            f"inputs = data.normalize(data.train.inputs)  # [{len(classifier.inputs)}, 2]",
            "labels = data.train.labels",
        ]
        return "\n".join(lines + ([f"labels = {two}"] if two != "labels" else []))
    points = ", ".join(f"[{x:.4g}, {y:.4g}]" for x, y in classifier.inputs.tolist())
    return (
        f"inputs = torch.tensor([{points}]).reshape(-1, 2)  # [{len(classifier.inputs)}, 2]\n"
        f"labels = torch.tensor({classifier.labels.tolist()}, dtype=torch.int64)"
    )


def _module(settings: Settings, *, initial: bool) -> str:
    lines, width, activation = [], 2, ACTIVATIONS[settings.activation]
    for units in settings.hidden:
        lines.append(f"    nn.Linear({width}, {units}),")
        if activation:
            lines.append(f"    nn.{activation.__name__}(),")
        width = units
    lines = ["model = nn.Sequential(", *lines, f"    nn.Linear({width}, 1),", ")"]
    if initial and settings.start == "random":
        lines.insert(0, f"torch.manual_seed({settings.seed})")
    elif initial:
        value = "zeros_(parameter)" if settings.start == "zeros" else "constant_(parameter, 0.5)"
        lines += ["for parameter in model.parameters():", f"    nn.init.{value}"]
    return "\n".join(lines)


def _training(classifier: Classifier) -> str:
    return "\n".join(
        [
            f"optimizer = torch.optim.Adam(model.parameters(), lr={classifier.learning_rate:g})",
            f"for step in range({classifier.steps}):",
            "    logits = model(inputs).squeeze(1)",
            "    loss = F.binary_cross_entropy_with_logits(logits, labels.float())",
            "    loss.backward()",
            "    optimizer.step()",
            "    optimizer.zero_grad()",
        ]
    )


def _weights(module: nn.Module) -> str:
    rows = [f'    "{name}": torch.tensor({_literal(value)}),' for name, value in module.state_dict().items()]
    return "\n".join(["model.load_state_dict({", *rows, "})"])


def _literal(values: Tensor) -> str:
    if values.ndim == 0:
        return f"{values.item():.6g}"
    return "[" + ", ".join(_literal(value) for value in values) + "]"
