"""Recipes that learn from the same pictures are told apart by their drawings."""

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter

import pytest

from torchbook.course.site.catalogue import picture_of, recipes_of
from torchbook.course.site.recipe_drawings import DRAWN, drawing_of
from torchbook.data.source import DATA_SETS


def test_no_two_recipes_have_the_same_thumbnail(client):
    page = client.get("/recipes").text
    addresses = Counter(re.findall(r'<div class="site-thumbnail"><img src="([^"]+)"', page))
    assert len(addresses) > len(DRAWN) and set(addresses.values()) == {1}
    assert all(f"/recipes/{name}.svg" in addresses for data in DATA_SETS for name in recipes_of(data) if name in DRAWN)
    assert 'src="/data/points.svg"' in picture_of("points")
    assert client.get("/recipes/points.svg").status_code == client.get("/recipes/nothing.svg").status_code == 404


# What an example becomes: boxes of maps, columns of dots, ways around a residual block.
@pytest.mark.parametrize(
    ("recipe", "boxes", "columns", "residual"),
    [("logistic_regression", 0, 1, 0), ("mlp", 0, 3, 0), ("cnn", 4, 2, 0), ("resnet9", 9, 1, 2), ("gan", 0, 7, 0)],
)
def test_a_drawing_has_the_layers_of_the_network(recipe, boxes, columns, residual):
    drawing = drawing_of(recipe)
    ElementTree.fromstring(drawing)
    assert drawing.count("<image ") == 1 and "prefers-color-scheme:dark" in drawing and len(drawing) < 20_000
    assert drawing.count('class="solid side"') == boxes
    assert len(re.findall(r"<g [^>]*><circle", drawing)) == columns
    assert drawing.count('stroke-width="2.5"') == residual


def test_a_drawing_is_made_once_and_kept(client, own_home):
    answer = client.get("/recipes/initialization.svg")
    assert answer.status_code == 200 and answer.text == drawing_of("initialization")
    assert {file.stem for file in (own_home / "cards" / "recipes").glob("*.svg")} == set(DRAWN)
