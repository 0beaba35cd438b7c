from torchbook.course.grading.cases import case

INPUTS = {"AND": 2, "OR": 2, "NOT": 1}


def parts(answer, gate):
    """The weights and the bias of a gate, as plain numbers."""
    weights, bias = answer.gates()[gate]
    return [float(weight) for weight in weights], float(bias)


def is_number(value):
    if getattr(value, "ndim", 0) > 0:
        return False
    try:
        float(value)
    except (TypeError, ValueError, RuntimeError):
        return False
    return True


def described(gate):
    """Says in words what stands for a gate: how many weights, and whether there is a bias."""
    if not isinstance(gate, tuple | list):
        return type(gate).__name__
    if len(gate) != 2:
        return f"{type(gate).__name__} of {len(gate)}"
    weights, bias = gate
    if is_number(weights):
        first = "a number without a list"
    elif not hasattr(weights, "__len__") or not all(is_number(weight) for weight in weights):
        first = "something else than numbers"
    else:
        first = f"{len(weights)} weight{'s' * (len(weights) != 1)}"
    return f"{first} and {'a bias' if is_number(bias) else 'something else than a number'}"


@case("three gates")
def shapes(answer, draw):
    table = answer.gates()
    if not isinstance(table, dict):
        return {"what came back": type(table).__name__}
    return {
        "what came back": "dict",
        **{gate: described(table[gate]) if gate in table else "missing" for gate in INPUTS},
    }


@case("AND of 0 and 0", gate="AND", x=(0, 0))
@case("AND of 0 and 1", gate="AND", x=(0, 1))
@case("AND of 1 and 0", gate="AND", x=(1, 0))
@case("AND of 1 and 1", gate="AND", x=(1, 1))
@case("OR of 0 and 0", gate="OR", x=(0, 0))
@case("OR of 0 and 1", gate="OR", x=(0, 1))
@case("OR of 1 and 0", gate="OR", x=(1, 0))
@case("OR of 1 and 1", gate="OR", x=(1, 1))
@case("NOT of 0", gate="NOT", x=(0,))
@case("NOT of 1", gate="NOT", x=(1,))
def output(answer, draw, gate, x):
    weights, bias = parts(answer, gate)
    return {f"{gate} of {list(x)}": int(sum(w * value for w, value in zip(weights, x)) + bias >= 0)}
