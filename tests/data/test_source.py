"""The registry of data sets, and names and paths that know their loader."""

import ast
import copy
import json

import pytest

from torchbook import TorchbookError
from torchbook.data.source import DATA_SETS, ENDINGS, Loader, Source
from torchbook.signature import ROOT, read


def imports_download(loader):
    module = ROOT / "data" / f"{loader.place.partition(':')[0].replace('.', '/')}.py"
    nodes = ast.walk(ast.parse(module.read_text()))
    return any(isinstance(node, ast.ImportFrom) and node.module == "torchbook.data.sets.download" for node in nodes)


def test_a_row_of_the_registry_says_whether_the_data_are_downloaded():
    assert {name for name, loader in DATA_SETS.items() if loader.downloads != imports_download(loader)} == set()
    assert not any(loader.downloads for loader in ENDINGS.values())


def test_every_loader_takes_a_seed_and_only_those_of_paths_a_path():
    for name, loader in DATA_SETS.items():
        assert "seed" in loader.signature.parameters and "path" not in loader.signature.parameters, name
    for ending, loader in ENDINGS.items():
        assert next(iter(loader.signature.parameters)) == "path" and "seed" in loader.signature.parameters, ending


@pytest.mark.parametrize(
    ("text", "name", "options"),
    [
        ("digits", "digits", {}),
        ("points?figure=moons&count=60&noise=1", "points", {"figure": "moons", "count": 60, "noise": 1.0}),
        ("gates?colour=red", "gates", {"colour": "red"}),
    ],
)
def test_a_source_stays_the_text_that_it_was_made_of(text, name, options):
    source = Source.of(text)
    assert source == text and json.loads(json.dumps({"data": source})) == {"data": text}
    assert (source.name, source.path, source.options, source.loader) == (name, None, options, DATA_SETS[name])
    assert Source.of(source) is source
    copied = copy.deepcopy(source)
    assert copied == text and copied.loader == source.loader


def test_further_options_stand_behind_those_that_are_there(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    source = Source.of(f"{tmp_path / 't.csv'}?target=b").asking(header=True, kinds={"a": "categorical"})
    assert source == f"{tmp_path / 't.csv'}?target=b&header=True&kinds=a%3Dcategorical"
    again = Source.of(str(source))
    assert again.options == source.options == {"target": "b", "header": True, "kinds": {"a": "categorical"}}
    assert (again.path, again.loader) == (source.path, source.loader) == (tmp_path / "t.csv", ENDINGS[".csv"])


def test_a_path_is_looked_into_once(tmp_path, monkeypatch):
    from torchbook.data.load import load_images
    from torchbook.data.volumes import folder_kind

    asked = []
    monkeypatch.setattr(folder_kind, "holds_volumes", lambda path: asked.append(path))
    (tmp_path / "a").mkdir()
    with pytest.raises(TorchbookError):
        load_images(Source.of(str(tmp_path)), image_size=8)
    assert asked == [tmp_path]


def test_a_loader_is_read_without_being_imported():
    loader = Loader("sets.embedded:digits")
    assert loader.signature is read("data.sets.embedded:digits")
    assert loader.signature.headline.startswith("1,797 digits written by 43 people, 8 x 8 pixels, grey;")
