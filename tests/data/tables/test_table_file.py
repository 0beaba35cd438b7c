"""A table is the same in whatever file it is packed."""

import gzip
import io
import sys
import types
import zipfile

import pytest

from torchbook.data import load
from torchbook.data.source import Source
from torchbook.data.tables.table_file import content, packed_table
from torchbook.errors import TorchbookError

TEXT = "x,y\n" + "".join(f"{i}.5,{'ab'[i % 2]}\n" for i in range(30))


def zipped(path, **files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return path


def packed(folder, form):
    if form == "csv.gz":
        (folder / "t.csv.gz").write_bytes(gzip.compress(TEXT.encode()))
        return folder / "t.csv.gz"
    if form == "zip":
        return zipped(folder / "t.zip", archive__rows_csv=TEXT, README_md="what it is", _hidden_csv="")
    (folder / f"t.{form}").write_text(TEXT)
    return folder / f"t.{form}"


@pytest.mark.parametrize("form", ["csv.gz", "zip", "txt", "data", "tab"])
def test_every_form_gives_the_same_table(tmp_path, form):
    (tmp_path / "plain.csv").write_text(TEXT)
    plain, other = load(tmp_path / "plain.csv"), load(packed(tmp_path, form))
    assert all(part.inputs.equal(again.inputs) and part.labels.equal(again.labels) for part, again in zip(plain, other))


def test_a_zip_of_several_tables_or_of_pictures_is_no_table(tmp_path):
    assert packed_table(zipped(tmp_path / "two.zip", a_csv=TEXT, b_csv=TEXT)) is None
    assert packed_table(zipped(tmp_path / "pictures.zip", a_csv=TEXT, b_png="x")) is None
    assert packed_table(zipped(tmp_path / "words.zip", a_txt=TEXT, b_csv=TEXT)) == "b.csv"
    with pytest.raises(TorchbookError, match=r"it holds tables .*give one of them: a.csv, unpacked"):
        load(tmp_path / "two.zip")


def test_a_damaged_pack_is_one_line(tmp_path):
    whole = gzip.compress(TEXT.encode())
    for damaged in (whole[:-20], b"no gzip", whole[:20] + b"\0\0\0" + whole[23:]):
        (tmp_path / "t.csv.gz").write_bytes(damaged)
        with pytest.raises(TorchbookError, match="cannot be unpacked") as caught:
            content(tmp_path / "t.csv.gz")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("ending", "besides"), [(".xlsx", "openpyxl"), (".parquet", "pyarrow"), (".jsonl", "")])
def test_without_pandas_one_line_says_what_to_install(tmp_path, monkeypatch, ending, besides):
    monkeypatch.setitem(sys.modules, "pandas", None)
    (tmp_path / f"t{ending}").write_bytes(b"PK")
    with pytest.raises(TorchbookError, match=f"pip install pandas {besides}".strip()) as caught:
        load(tmp_path / f"t{ending}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("ending", "function"), [(".xlsx", "read_excel"), (".parquet", "read_parquet")])
def test_what_pandas_reads_is_read_as_its_csv(tmp_path, monkeypatch, ending, function):
    class Frame:
        def to_csv(self, *, index, header):
            assert index is False
            return TEXT

    (tmp_path / f"t{ending}").write_bytes(b"")
    (tmp_path / "t.csv").write_text(TEXT)
    pandas = types.SimpleNamespace(**{function: lambda path, **options: Frame()})
    monkeypatch.setitem(sys.modules, "pandas", pandas)
    assert load(tmp_path / f"t{ending}").train.inputs.equal(load(tmp_path / "t.csv").train.inputs)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("scan.nii.gz", "nibabel"),
        ("rows.h5", "h5py"),
        ("rows.mat", "scipy.io.loadmat"),
        ("weights.pt", "safetensors"),
        ("rows.pkl", "can run code"),
        ("photo.HEIC", "JPEG"),
        ("pictures.tar.gz", "unpack"),
        ("rows.xyz", "ends in .*csv"),
    ],
)
def test_other_programs_files_are_named_with_the_way_from_them(tmp_path, name, says):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(TorchbookError, match=says) as caught:
        Source.of(str(tmp_path / name))
    assert "\n" not in str(caught.value)


def test_a_folder_of_foreign_files_says_the_way(tmp_path):
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "IMG_1.HEIC").write_bytes(io.BytesIO(b"ftypheic").getvalue())
    with pytest.raises(TorchbookError, match=r"HEIC.*save them as JPEG"):
        load(tmp_path)
