"""A signature that is read from the source is that of the function when it is imported."""

import inspect

import pytest

from torchbook.data.source import DATA_SETS, ENDINGS
from torchbook.recipes.start import names
from torchbook.signature import imported, read

LOADERS = {loader.place for loader in (*DATA_SETS.values(), *ENDINGS.values())} | {"volumes.volume:load_volumes"}
PLACES = [f"recipes.{name}:{name}" for name in names()] + [f"data.{place}" for place in sorted(LOADERS)]


@pytest.mark.parametrize("place", PLACES)
def test_a_signature_is_read_as_python_has_it(place):
    function = imported(place)
    expected = {name: one for name, one in inspect.signature(function).parameters.items() if name != "run"}
    assert read(place).without("run").parameters == expected
    assert read(place).doc == inspect.getdoc(function)


def test_a_class_of_torchbook_stays_a_text():
    assert read("recipes.mlp:mlp").parameters["run"].annotation == "Run"
    assert read("recipes.start:start").parameters["choice"].annotation == "Choice | None"
    assert read("tour:tour").parameters["out"].default is None
