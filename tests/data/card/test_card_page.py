"""The card as a page: whole, self-contained, and nothing of the data can become markup."""

import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import torch
from PIL import Image

from torchbook.data import load
from torchbook.data.card.card_page import page, write_card
from torchbook.data.card.card_text import card_data
from torchbook.data.card.inspection import Finding, inspect
from torchbook.data.card.thumbnails import histogram, line, picture
from torchbook.data.dataset import Card, Dataset, Split
from torchbook.data.tables.table import load_table

VOID = {"meta", "img", "br"}


class Reader(HTMLParser):
    """Checks that elements are closed in order, and keeps what a browser would fetch."""

    def __init__(self):
        super().__init__()
        self.open, self.fetched, self.tags, self.words = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.fetched += [value for key, value in attributes if key in ("src", "href", "srcset", "data")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    assert all(address.startswith("data:image/png;base64,") for address in reader.fetched)
    assert "default-src 'none'" in text and not re.search(r"url\(|@import|<script|<link", text)
    return reader


def dataset(kind: str, inputs: torch.Tensor, labels: torch.Tensor | None, **more) -> Dataset:
    task = "generation" if labels is None else "regression" if labels.is_floating_point() else "classification"
    names = (
        () if labels is None or labels.is_floating_point() else tuple(f"<b>{i}" for i in range(int(labels.max()) + 1))
    )
    split = Split(inputs, labels)
    return Dataset(split, split, split, Card("<i>name", "<script>alert(1)</script>", kind, task, names, **more))


@pytest.mark.parametrize(
    "data",
    [
        dataset("images", torch.randint(256, (30, 3, 20, 24), dtype=torch.uint8), torch.arange(30) % 3),
        dataset("images", torch.randint(256, (30, 1, 8, 8), dtype=torch.uint8), None),
        dataset("images", torch.randint(256, (90, 4, 8, 8), dtype=torch.uint8), torch.arange(90) % 45),
        dataset("volumes", torch.randn(6, 1, 5, 8, 8), torch.arange(6) % 2),
        dataset("points", torch.randn(20, 2), torch.arange(20) % 2),
        dataset("points", torch.randn(20, 3), torch.randn(20, 1), targets=("t",)),
        dataset("sequences", torch.randn(20, 2, 9), torch.randn(20, 1), targets=("t",), features=("<a>", "b")),
        dataset("table", torch.randn(20, 2), torch.randn(20, 2), targets=("<t>", "u"), mean=(0.0, 0.0), std=(1.0, 1.0)),
    ],
    ids=lambda data: f"{data.card.kind}-{data.card.task}",
)  # fmt: skip
def test_every_kind_of_data_set_has_a_page(data):
    reader = read(page(data, [Finding("classes", "<b>odd</b>"), Finding("copies", "twins", ((0, 1),))]))
    assert "<script>alert(1)</script>" in "".join(reader.words) and "<b>odd</b>" in "".join(reader.words)
    if data.card.kind in ("images", "volumes"):
        assert reader.tags.count("img") >= 6


def test_the_page_of_a_table_explains_its_columns(tmp_path):
    rows = ["<x>,city,size,when,y"]
    draw = np.random.default_rng(0)
    for i in range(80):
        rows.append(f"{draw.normal()},c&{i % 20},{'SML'[i % 3]},2024-01-{1 + i % 28:02},{'<no>' if i % 2 else 'yes'}")
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows))
    for options in ({}, {"time_column": "when"}):
        data = load_table(path, **options)
        said = "".join(read(page(data, inspect(data))).words)
        assert all(known["reason"] in said and known["why"] in said for known in data.card.extra["columns"])
        assert "c&1" in said and "<no>" in said


def test_a_card_is_written_where_it_was_asked_for(tmp_path):
    data = load("iris")
    write_card(data, [], tmp_path / "new" / "card.html")
    assert "Nothing that needs a second look" in (tmp_path / "new" / "card.html").read_text()
    assert sum(card_data(data, [])["balance"]["train"].values()) == len(data.train)


def test_a_picture_is_what_was_stored():
    pixels = torch.randint(256, (3, 10, 12), dtype=torch.uint8)
    content = base64.b64decode(picture(pixels).split(",")[1])
    assert np.array_equal(np.array(Image.open(io.BytesIO(content))), pixels.permute(1, 2, 0).numpy())


@pytest.mark.parametrize(
    "values", [torch.zeros(5), torch.randn(500), torch.tensor([1.0, 1.0, 2.0]), torch.tensor([3e8, -3e8])]
)
def test_charts_have_finite_numbers(values):
    for chart in (histogram(values), line(values)):
        assert "nan" not in chart and "inf" not in chart
    assert histogram(torch.tensor([1.0, 1.0, 2.0])).count("<rect") == 2
