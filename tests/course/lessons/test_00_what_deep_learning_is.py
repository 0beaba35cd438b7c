"""What the lesson on deep learning claims, with its own values and with others."""

import re
from importlib.util import module_from_spec, spec_from_file_location

import pytest
import torch
from torchbook.course.texts.lesson import lesson_files

from torchbook import load

pytestmark = pytest.mark.slow


def lesson():
    spec = spec_from_file_location("what_deep_learning_is", lesson_files()[0])
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ran(**values):
    """The lesson's names, and the text of its cells."""
    outputs, names = lesson().app.run(defs=values)
    return names, "\n".join(output.text for output in outputs if hasattr(output, "text"))


@pytest.fixture(scope="module")
def whole():
    return ran()


def shown(text, pattern):
    """Whether the text of the page, without its markup, has the pattern."""
    return re.search(pattern, " ".join(re.sub(r"<[^>]+>", " ", text).split()))


def test_the_rule_is_good_the_line_fails_and_a_hidden_layer_finds_the_ring(whole):
    names, text = whole
    assert names["by_rule"] > 0.98
    assert names["baseline"] == pytest.approx(0.5, abs=0.02)
    assert names["by_line"] < 0.62
    assert names["by_network"] > 0.95
    assert shown(text, f"right for {names['baseline']:.0%} of the points, your rule for {names['by_rule']:.1%}")
    assert shown(text, rf"one hidden layer it is right for {names['by_network']:.1%}")


def test_a_table_needs_no_network_and_pictures_gain_from_one(whole):
    names, text = whole
    table, pictures = zip(*(names["means"][name] for name in ("linear", "forest", "network")))
    row = 1 / len(load("breast_cancer").test)
    assert table[2] - max(table[:2]) < 2 * row
    assert pictures[2] > max(pictures[:2])
    assert shown(text, "that is too close to call")
    assert shown(text, f"the fewest mistakes, {1 - pictures[2]:.1%} against {1 - pictures[1]:.1%}")


def test_groups_without_labels_are_mostly_digits(whole):
    names, text = whole
    assert 0.7 < names["in_majority"] < 0.9
    assert shown(text, f"{names['in_majority']:.0%} of the pictures have the right name")


def test_the_workflow_ends_with_a_model_that_was_saved_and_reads_the_digit(whole):
    names, text = whole
    assert names["history"][-1]["loss"] < names["history"][0]["loss"] / 5
    assert names["result"]["accuracy"] > 0.93
    assert torch.equal(names["again"][1].weight, names["model"][1].weight)
    right = int(load("digits").train.labels[12])
    assert int(names["probabilities"].argmax()) == right
    assert float(names["probabilities"].sum()) == pytest.approx(1, abs=1e-5)
    assert shown(text, f'the answer: "{right}".*That is right')
    assert 0 < int((names["hidden"] == 0).sum()) < names["hidden"].numel()


def test_the_machine_is_told(whole):
    names, text = whole
    assert shown(text, re.escape(f"{names['here']['memory_gb']} GB"))
    assert shown(text, re.escape(names["here"]["reason"]))


class Chosen:
    """A slider that stands elsewhere."""

    def __init__(self, value):
        self.value = value


class Compared:
    """A comparison that came out otherwise."""

    finished = True

    def __init__(self, linear, forest, network):
        self.reports = [{"linear": linear, "forest": forest, "network": network}]


def test_other_values_give_other_numbers_and_other_words(whole):
    names, text = ran(
        few=Chosen(512),
        comparison=Compared([0.9, 0.99], [0.8, 0.97], [0.97, 0.95]),
    )
    assert shown(text, "From 512 points")
    assert names["from_few"] > whole[0]["from_few"]
    assert names["from_few"] > 0.9
    assert shown(text, "best shallow algorithm is right for 90.0%, the network for 97.0%.*so that is a difference")
    assert shown(text, "not the fewest mistakes, 5.0% against 3.0% and 1.0%")
