"""What a Graph shows is what torch computed: values, gradients, ways and their ends, in the order of time."""

import re
from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F

from torchbook.course.grading.earlier_answers import built
from torchbook.course.pictures.graph import Graph
from torchbook.course.pictures.graph_engine import noted, walk
from torchbook.course.pictures.graph_events import Arrived, Changed, Made
from torchbook.course.pictures.graph_layers import EDGE, arrange
from torchbook.course.pictures.graph_signs import format_number, name_of, tensor_as_text
from torchbook.course.pictures.tape import Tape
from torchbook.errors import TorchbookError


def leaf(*numbers):
    return torch.tensor(numbers[0] if len(numbers) == 1 else numbers, requires_grad=True)


def squared_error():
    x, target, w, b = torch.tensor(2.0), torch.tensor(4.0), leaf(3.0), leaf(1.0)
    with Tape() as tape:
        prediction = w * x + b
        loss = (prediction - target) ** 2
        loss.backward()
    return tape, (w, b, prediction, loss)


def shown(graph, name, *, what="values", step=-1):
    """What stands in the node of that name."""
    story = graph.stories[0]
    at = story.steps[step]
    key = next(node["key"] for node in story.graphs[at["graph"]]["nodes"] if node["name"] == name)
    return at[what].get(key)


def said(graph):
    return [step["said"] for step in graph.stories[0].steps]


def test_every_gradient_that_passes_is_the_one_of_torch():
    x, w, v = torch.tensor([0.5, -1.0, 2.0]), torch.randn(2, 3, requires_grad=True), leaf(1.0, -0.5)
    with Tape() as tape:
        hidden = torch.tanh(w @ x)
        score = (hidden * v).sum()
        loss = score * score + torch.exp(v).mean()
        loss.backward(retain_graph=True)
    wanted = torch.autograd.grad(loss, [hidden, score, w, v])
    came = {event.node.name: event.gradient for event in tape.events if isinstance(event, Arrived)}
    for name, gradient in zip(("hidden", "score"), wanted):
        assert torch.equal(came[name], gradient)
    added = {event.node.name: event.after for event in tape.events if isinstance(event, Changed)}
    assert torch.equal(added["w"], wanted[2]) and torch.equal(added["v"], wanted[3])
    assert torch.equal(added["w"], w.grad) and torch.equal(added["v"], v.grad)
    made = {event.node.name: event.node.value for event in tape.events if isinstance(event, Made)}
    assert torch.equal(made["hidden"], hidden) and torch.equal(made["loss"], loss)


def test_what_goes_to_the_sources_adds_up_to_their_gradients():
    tape, (w, b, *_) = squared_error()
    for event in tape.events:
        if isinstance(event, Arrived):
            for source, parts in event.parts.items():
                for part, slope in zip(parts, event.slopes[source], strict=True):
                    assert torch.equal(part, slope * event.gradient)
    assert (w.grad.item(), b.grad.item()) == (12.0, 6.0)


def test_a_walk_says_each_step():
    tape, _ = squared_error()
    graph = Graph(tape)
    assert (
        said(graph)[0]
        == "Before the first step. A gradient is asked for w = 3 and b = 1, none for x = 2 and target = 4."
    )
    assert said(graph)[2] == "Forward: prediction = (w × x) + b = 6 + 1 = 7."
    assert "Forward: loss = (prediction − target)² = 3² = 9." in said(graph)
    assert said(graph)[5] == "backward() begins at loss. It changes exactly as fast as itself, so its gradient is 1."
    assert "loss has the gradient 1. Back through ( )²: prediction − target gets 1 · 6 = 6." in said(graph)
    assert "w × x has the gradient 6. Back through ×: w gets 6 · 2 = 12. x gets none: nobody asked for it." in said(
        graph
    )
    assert "w.grad was None, now it is 12." in said(graph)
    assert "the graph is given up" in said(graph)[-1]
    assert graph.stories[0].steps[-1]["gone"]


def test_values_and_gradients_appear_one_step_at_a_time():
    graph = Graph(squared_error()[0])
    assert shown(graph, "w", step=0) == "3" and shown(graph, "prediction", step=0) is None
    assert shown(graph, "prediction", step=2) == "7" and shown(graph, "loss", step=2) is None
    assert shown(graph, "w", what="gradients", step=0) == "None"
    assert shown(graph, "w", what="gradients") == "12" and shown(graph, "x", what="gradients") == "None"
    begun = next(place for place, text in enumerate(said(graph)) if text.startswith("prediction has the gradient"))
    assert shown(graph, "prediction", what="gradients", step=begun) == "6"
    assert shown(graph, "prediction", what="gradients") is None  # not kept, as it is no leaf


def test_gradients_accumulate_and_are_cleared():
    w = leaf(3.0)
    with Tape() as tape:
        for _ in range(2):
            loss = w**2
            loss.backward()
        w.grad.zero_()
        (w * 2).backward()
        w.grad = None
    graph = Graph(tape)
    assert "w.grad was 6 already. backward() adds 6 to it: now it is 12." in said(graph)
    assert "The gradients are set back: w.grad was 12, now it is 0." in said(graph)
    assert said(graph)[-1] == "The gradients are set back: w.grad was 2, now it is None."
    assert shown(graph, "w", what="gradients") == "None"


def test_a_gradient_from_before_is_there_at_the_beginning():
    w = leaf(3.0)
    (w**2).backward()
    with Tape() as tape:
        (w**2).backward()
    graph = Graph(tape)
    assert shown(graph, "w", what="gradients", step=0) == "6" and shown(graph, "w", what="gradients") == "12"


def test_an_optimizer_is_seen():
    w, b = leaf(3.0), leaf(1.0)
    optimizer = torch.optim.SGD([w, b], lr=0.1)
    with Tape() as tape:
        for _ in range(2):
            loss = (w * 2.0 + b) ** 2
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    graph = Graph(tape)
    assert "A step: w was 3, now it is 0.2; b was 1, now it is −0.4." in said(graph)
    assert "The gradients are set back: w.grad was 28, now it is None; b.grad was 14, now it is None." in said(graph)
    assert "A new pass, and a new graph. Forward: w × 2 = 0.2 × 2 = 0.4." in said(graph)
    first, second = graph.stories[0].graphs
    assert [node["name"] for node in first["nodes"]] == [
        node["name"] for node in second["nodes"]
    ]  # the loop's loss too
    assert [node["place"] for node in first["nodes"]] == [node["place"] for node in second["nodes"]]


def test_two_ways_are_added():
    a = leaf(3.0)
    with Tape() as tape:
        y = a * a + 4 * a
        y.backward()
    graph = Graph(tape)
    assert "3 ways meet at a: 4 + 3 + 3. a.grad was None, now it is 10." in said(graph)
    assert a.grad == 10


def edges(graph):
    return {(edge["from"], edge["to"]): (edge["flows"], edge["cut"]) for edge in graph.stories[0].graphs[0]["edges"]}


@pytest.mark.parametrize("way", ["no_grad", "set_grad_enabled", "detach"])
def test_where_nothing_is_noted_no_gradient_goes_back(way):
    x, w, c = torch.tensor(2.0), leaf(3.0), leaf(0.5)
    with Tape() as tape:
        if way == "detach":
            hidden = (w * x).detach()
        else:
            with torch.no_grad() if way == "no_grad" else torch.set_grad_enabled(False):
                hidden = w * x
        result = c * hidden
        result.backward()
    graph = Graph(tape)
    assert w.grad is None and shown(graph, "w", what="gradients") == "None"
    assert shown(graph, "c", what="gradients") == tensor_as_text(c.grad) == "6"
    assert any("there is no way back from here" in text for text in said(graph))
    assert list(edges(graph).values()).count((False, True)) == 1  # cut, where a gradient had been asked for
    reason = "it is cut off" if way == "detach" else "nothing was noted down"
    assert any(f"hidden gets none: {reason}." in text for text in said(graph))


def test_a_gradient_goes_back_along_an_edge_exactly_where_autograd_has_one():
    x, w, b = torch.ones(4, 2), torch.randn(3, 2, requires_grad=True), torch.randn(3, requires_grad=True)
    with Tape() as tape:
        hidden = F.linear(x, w, b)  # several functions of autograd in one operation
        out = F.relu(hidden)
        loss = F.mse_loss(out, torch.zeros(4, 3))
        loss.backward()
    nodes = {event.node.name: event.node for event in tape.events if isinstance(event, Made)}
    assert {node.name for node in nodes["hidden"].flows} == {"w", "b"}
    assert {node.name for node in nodes["loss"].flows} == {"out"}
    graph = Graph(tape)
    assert shown(graph, "hidden") == "shape [4, 3]" and shown(graph, "b", what="gradients") == tensor_as_text(b.grad)


def test_what_is_kept_on_request_is_kept():
    w = leaf(3.0)
    with Tape() as tape:
        double = w * 2
        double.retain_grad()
        loss = double**2
        loss.backward(retain_graph=True)
    graph = Graph(tape)
    assert shown(graph, "double", what="gradients") == "12" and not graph.stories[0].steps[-1]["gone"]
    assert "only that of double is kept, and the graph is kept for once more" in said(graph)[-1]


def test_the_graph_follows_the_way_that_python_took():
    def fork(x):
        w = leaf(2.0)
        with Tape() as tape:
            y = w * x
            if y > 0:
                y = y**2
            y.backward()
        return len(Graph(tape).stories[0].graphs[0]["nodes"])

    assert fork(1.0) == 3 and fork(-1.0) == 2


def test_the_error_of_torch_comes_through():
    w = leaf(3.0)
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"), Tape():
        w -= 1.0
    with pytest.raises(RuntimeError, match="second time"), Tape():
        loss = (w * w).exp()
        loss.backward()
        loss.backward()
    with Tape() as tape:  # and nothing is left of the hooks
        w.square().backward()
    assert len([event for event in tape.events if isinstance(event, Arrived)]) == 1


def test_without_a_backward_the_values_are_shown():
    w = leaf(3.0)
    with Tape() as tape:
        y = w * 2
    assert said(Graph(tape))[-1] == "Forward: y = w × 2 = 3 × 2 = 6."
    assert y.requires_grad


def test_names_are_those_of_variables_unless_they_are_given():
    weight = leaf(3.0)
    with Tape(w=weight) as tape:
        loss = weight**2
        loss.backward()
    graph = Graph(tape)
    assert [node["name"] for node in graph.stories[0].graphs[0]["nodes"]] == ["w", "loss"]


def test_an_empty_tape_is_refused():
    with Tape() as tape:
        pass
    with pytest.raises(TorchbookError, match="nothing on the tape"):
        Graph(tape)


def test_the_alternative_follows_the_step_and_what_stands_beside():
    first, second = squared_error()[0], squared_error()[0]
    second.note("Here something was forgotten.")
    graph = Graph({"healthy": first, "broken": second}, question="Break it:")
    assert graph.alternative.startswith("Step 0 of ") and "Before the first step" in graph.alternative
    graph.step = graph.last
    assert "backward() is done" in graph.alternative and "forgotten" not in graph.alternative
    graph.beside = "broken"
    assert "healthy: backward() is done" in graph.alternative
    assert graph.alternative.endswith("broken: Here something was forgotten.")


def test_another_tape_keeps_the_step_and_changes_the_numbers():
    graph = Graph(squared_error()[0], step=4)
    w = leaf(10.0)
    with Tape() as tape:
        y = w * 2
        y.backward()
    graph.show(tape)
    assert graph.step == 4 and shown(graph, "y") == "20"


def test_a_still_is_the_picture_with_its_numbers():
    graph = Graph(squared_error()[0])
    still = graph.still()
    assert ".grad 12" in still and "backward() is done" in still and "<script" not in still
    assert still.count("<svg") == 1
    graph.step = 2
    assert ".grad 12" not in graph.still() and ">7<" in graph.still()


def test_an_engine_of_ones_own_is_walked_like_torch():
    value = built("scalar_engine", None)[0].Value
    x, w, b, target = value(2.0), value(3.0), value(1.0), value(-4.0)
    prediction = w * x + b
    error = prediction + target
    loss = error * error
    loss.backward()
    graph = Graph(walk(noted(loss, x=x, w=w, b=b, target=target, prediction=prediction, error=error, loss=loss)))
    _, (torch_w, torch_b, _, torch_loss) = squared_error()
    assert shown(graph, "w", what="gradients") == tensor_as_text(torch_w.grad)
    assert shown(graph, "b", what="gradients") == tensor_as_text(torch_b.grad)
    assert shown(graph, "loss") == tensor_as_text(torch_loss)
    assert shown(graph, "prediction", what="gradients") == "6"  # an engine keeps them all
    assert "loss has the gradient 1. Back through ×: error gets 1 · 3 = 3. error gets 1 · 3 = 3." in said(graph)


def test_an_engine_that_is_wrong_is_shown_as_it_is():
    value = built("scalar_engine", None)[0].Value
    w = value(3.0)
    y = w * w
    y.backward()
    w.grad = 7.0
    assert shown(Graph(walk(noted(y, w=w, y=y))), "w", what="gradients") == "7"


# How it is laid out and written


def test_nodes_lie_behind_their_sources_and_apart():
    layout = arrange({"x": (), "w": (), "b": (), "a": ("w", "x"), "p": ("a", "b"), "q": ("p", "w"), "r": ("q", "a")})
    layers = {node: place[0] for node, place in layout.places.items()}
    assert layers == {"x": 0, "w": 0, "b": 1, "a": 1, "p": 2, "q": 3, "r": 4}
    assert [place[0] for place in layout.ways["w", "q"]] == [1, 2] and layout.ways["p", "q"] == ()
    rows = {}
    for layer, spot in layout.places.values():
        rows.setdefault(layer, []).append((spot, 1.0))
    for way in layout.ways.values():
        for layer, spot in way:
            rows[layer].append((spot, EDGE))
    for row in rows.values():
        row.sort()
        for (one, size), (other, next_size) in pairwise(row):
            assert other - one >= (size + next_size) / 2 - 1e-3


def test_crossings_are_avoided_where_they_can_be():
    # Left operands to the right and the other way round: as given, every edge would cross another.
    layout = arrange({"a": (), "b": (), "c": (), "d": (), "one": ("c", "d"), "two": ("a", "b"), "end": ("two", "one")})
    spot = {node: place[1] for node, place in layout.places.items()}
    assert (spot["a"] < spot["c"]) == (spot["two"] < spot["one"])
    assert {abs(spot["a"] - spot["b"]), abs(spot["c"] - spot["d"])} == {1.0}


@pytest.mark.parametrize("upright", [True, False])
def test_nothing_is_drawn_outside_the_paper_or_on_something_else(upright):
    from torchbook.course.pictures.graph_drawing import HIGH, WIDE, draw_graph

    tape, _ = squared_error()
    picture = draw_graph(Graph(tape).stories[0].graphs[0], upright=upright)
    width, height = map(float, re.search(r'width="([\d.]+)" height="([\d.]+)"', picture).groups())
    corners = [tuple(map(float, pair)) for pair in re.findall(r"translate\(([\d.-]+) ([\d.-]+)\)", picture)]
    assert len(corners) == 8
    assert all(x >= 0 and y >= 0 and x + WIDE <= width and y + HIGH <= height for x, y in corners)
    for place, (x, y) in enumerate(corners):
        assert all(abs(x - a) >= WIDE or abs(y - b) >= HIGH for a, b in corners[:place])
    assert (width < height) == upright


@pytest.mark.parametrize(
    "value, text",
    [(3.0, "3"), (-0.5, "−0.5"), (1234.5678, "1235"), (1e-5, "1e−5"), (0.0, "0"), (-0.0, "0"), (2 / 3, "0.6667")],
)
def test_numbers_are_short(value, text):
    assert format_number(value) == text


@pytest.mark.parametrize(
    "tensor, text",
    [
        (torch.tensor(2.0), "2"),
        (torch.tensor([1.0, 2.0, 3.0]), "[1, 2, 3]"),
        (torch.tensor([-0.123456, 0.98765]), "[−0.123, 0.988]"),
        (torch.zeros(2, 3), "shape [2, 3]"),
        (torch.zeros(100), "shape [100]"),
        (None, "None"),
    ],
)
def test_small_tensors_are_numbers_and_large_ones_shapes(tensor, text):
    assert tensor_as_text(tensor) == text


def test_a_long_expression_is_named_by_its_last_operation():
    a, b, c, d = leaf(1.0), leaf(2.0), leaf(3.0), leaf(4.0)
    with Tape(first_of_them=a, second_of_them=b) as tape:
        long = (a * b + c) * d * a
        long.backward()
    node = next(event.node for event in tape.events if isinstance(event, Made) and len(name_of(event.node)) > 20)
    assert name_of(node).startswith("the result of") or len(name_of(node)) <= 30
