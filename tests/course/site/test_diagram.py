"""Diagrams as drawings: every box is inside of the picture, and no two lie on each other."""

import itertools
import re
from xml.etree import ElementTree

import pytest

from torchbook.course.site.diagram import drawn
from torchbook.course.texts.document_diagram import read_diagram

LONG = " → ".join(f"box {number} | with a long note below it" for number in range(7))
SPACE = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "lines",
    [["a → b"], [LONG], ["a → b → c → d → a"], ["a → b → c → d → e → f → a"], ["a → b → d", "a → c → d", "x → d"]],
    ids=["two", "long", "four round", "six round", "branches"],
)
def test_boxes_are_inside_and_apart(lines):
    tree = ElementTree.fromstring(drawn(read_diagram("Boxes & <arrows>", lines, 1, "top-d1", "08_made.md")))
    left, top, width, height = map(float, tree.get("viewBox").split())
    boxes = []
    for rectangle in tree.iter(f"{SPACE}rect"):
        x, y, across, down = (float(rectangle.get(name)) for name in ("x", "y", "width", "height"))
        assert left <= x and x + across <= left + width and top <= y and y + down <= top + height
        boxes.append((x, y, x + across, y + down))
    for one, other in itertools.combinations(boxes, 2):
        assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    for path in tree.iter(f"{SPACE}path"):
        start, tip = (tuple(map(float, point)) for point in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", path.get("d"))[:2])
        for x, y in (start, tip):
            assert not any(box[0] < x < box[2] and box[1] < y < box[3] for box in boxes), "an arrow ends in a box"
    assert tree.get("aria-label").startswith("Boxes & <arrows>. ") and width < 830
