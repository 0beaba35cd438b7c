from torchbook.course.grading.cases import case

INPUTS = {"AND": 2, "OR": 2, "NOT": 1}


def parts(answer, gate):
    """The weights and the bias of a gate, as plain numbers."""
    weights, bias = answer.gates()[gate]
    return [float(weight) for weight in weights], float(bias)


@case("three gates")
def shapes(answer, draw):
    table = answer.gates()
    if not isinstance(table, dict):
        return {"what came back": type(table).__name__}
    weights = {f"weights of {gate}": len(table[gate][0]) if gate in table else "missing" for gate in INPUTS}
    return {"what came back": "dict", **weights}


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
