"""Pictures that stand still."""

import base64
import re
from io import BytesIO

import pytest
import torch
from PIL import Image

from torchbook.course.pictures.gallery import ABOVE, BELOW, confusion_table, gallery, signed


def images_in(html):
    return [Image.open(BytesIO(base64.b64decode(one))) for one in re.findall(r"base64,([^\"]+)", html)]


@pytest.mark.parametrize("shape", [(3, 1, 5, 4), (3, 5, 4), (3, 5, 4, 3)])
def test_the_pixels_arrive(shape):
    images = torch.arange(3 * 5 * 4 * (3 if shape[-1] == 3 else 1)).remainder(256).to(torch.uint8).view(shape)
    html = gallery(images, ["one", "<two>"]).text
    shown = images_in(html)
    assert len(shown) == 3 and shown[0].size == (4, 5)
    assert torch.tensor(list(shown[2].tobytes())).equal(images[2].flatten().long())
    assert 'alt="&lt;two&gt;"' in html and "<two>" not in html


def test_weights_are_black_at_zero_and_full_at_the_largest():
    colours = signed(torch.tensor([[0.0, 2.0], [-1.0, -2.0]]))
    assert colours.shape == (2, 2, 3) and colours.dtype == torch.uint8
    assert colours[0, 0].tolist() == [0, 0, 0]
    assert colours[0, 1].tolist() == list(ABOVE) and colours[1, 1].tolist() == list(BELOW)
    assert colours[1, 0].tolist() == [round(value / 2) for value in BELOW]
    assert signed(torch.zeros(2, 2)).sum() == 0


def test_a_table_of_confusion_has_each_count_in_its_place():
    html = confusion_table(torch.tensor([[5, 1], [0, 12]]), ["cat", "dog"]).text
    cells = re.findall(r"<td style=[^>]*>([^<]*)</td>", html)
    assert cells == ["", "5", "1", "", "12"]
    assert re.findall(r'scope="row"[^>]*>(\w+)', html) == ["cat", "dog"]
