"""The small drawings of data sets."""

import re

import pytest

from torchbook.data.card.preview import COLUMNS, ROWS, main, preview
from torchbook.data.source import DATA_SETS


@pytest.mark.parametrize("name", [name for name, loader in DATA_SETS.items() if loader.place.startswith("sets.")])
def test_a_data_set_has_a_drawing(name):
    if DATA_SETS[name].downloads:
        pytest.skip("it is not here")
    data = DATA_SETS[name]()
    drawing = preview(data)
    if data.card.kind == "images":
        assert drawing.count("<image ") == ROWS * COLUMNS
    else:
        assert drawing.count("<circle ") == min(400, len(data.train))
        assert all(0 <= float(x) <= 360 for x in re.findall(r'cx="([^"]+)"', drawing))


def test_the_classes_of_pictures_take_turns():
    digits = DATA_SETS["digits"]()
    first = [int((digits.train.labels == label).nonzero()[0]) for label in range(10)]
    from torchbook.data.card.thumbnails import picture

    shown = re.findall(r'href="([^"]+)"', preview(digits))
    assert shown[:10] == [picture(digits.train.inputs[i]) for i in first]


def test_what_is_drawn_is_drawn_in_part(tmp_path):
    main(tmp_path, ["shapes"])
    assert (tmp_path / "shapes.svg").read_text().count("<image ") == ROWS * COLUMNS
