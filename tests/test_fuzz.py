"""Whatever is wrong with what is read back, it is said in a line of words, and nothing is left out without a word.

`pytest tests/test_fuzz.py` damages some hundred files, with `-m slow` ten thousand.
"""

import contextlib
import gc
import gzip
import io
import json
import random
import resource
import shutil
import sqlite3
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from torchbook import commands
from torchbook.course.learner import changed_blocks, progress, study, workspace
from torchbook.course.site import bookmarks, layout, runs
from torchbook.course.site.lesson_status import lesson_statuses
from torchbook.course.texts.document import documents
from torchbook.data.images.folder import load_folder
from torchbook.data.sets.mnist import read_idx
from torchbook.data.volumes.volume import load_volumes
from torchbook.device import FLOAT32
from torchbook.errors import TorchbookError
from torchbook.inference.predict import load_model
from torchbook.recipes import start
from torchbook.run import Run

ODD = [
    None,
    True,
    -1,
    0,
    3,
    1.5,
    10**30,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\ud800",
    "9" * 300,
    [],
    {},
    [None],
    [[1]],
]
ODD += [{"a": 1}, {"device": 3}, "../..", "\0"]


def many(fast, slow):
    """Seeds for the fast test, and for the one on demand."""
    marks = [pytest.mark.slow, pytest.mark.timeout(3600)]
    return pytest.mark.parametrize("count", [fast, pytest.param(slow, marks=marks)])


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Returns some bytes with a few of them changed, left out or added."""
    result = bytearray(content)
    for _ in range(draw.choice((1, 1, 1, 3))):
        at, length = draw.randrange(len(result) + 1), draw.choice((1, 1, 2, 8, 64, 5000))
        match draw.randrange(6):
            case 0:
                result[at : at + 1] = bytes(byte ^ 1 << draw.randrange(8) for byte in result[at : at + 1])
            case 1:
                del result[at:]
            case 2:
                del result[at : at + length]
            case 3:
                result[at : at + length] = bytes(len(result[at : at + length]))
            case 4:
                result[at:at] = draw.randbytes(min(length, 64))
            case 5:
                result[at : at + length] = draw.choice((b"\xff", b"[", b"{", b'"', b"\n", b"9")) * length
    return bytes(result)


def reshaped(content: bytes, draw: random.Random) -> bytes:
    """Returns some JSON of another shape."""
    if draw.random() < 0.1:
        return draw.choice((b"[" * 100_000, b"", b"null", b"[]", b"{}", b"\xff\xfe", b"1e999", b'"x"', b"9" * 5000))
    value = top = {"": json.loads(content)}
    key = ""
    while isinstance(value[key], dict | list) and value[key] and draw.random() < 0.75:
        value = value[key]
        key = draw.choice(list(value)) if isinstance(value, dict) else draw.randrange(len(value))
    if draw.random() < 0.3 and key != "":
        del value[key]
    else:
        value[key] = draw.choice(ODD)
    return json.dumps(top[""]).encode()


def change(file, draw):
    """Damages a file in one of these ways."""
    content = file.read_bytes()
    shape = file.suffix == ".json" and draw.random() < 0.6
    file.write_bytes(reshaped(content, draw) if shape else damaged(content, draw))


def rows_in(content: bytes) -> int:
    """Returns how many rows some JSON has, -1 for what is none."""
    try:
        rows = json.loads(content.decode())
    except (ValueError, RecursionError):
        return -1
    return len(rows) if isinstance(rows, list | dict) else -1


@contextlib.contextmanager
def only_words(seed):
    """Lets pass what is meant for a person, and says of everything else by which seed it came."""
    try:
        yield
    except TorchbookError as error:
        text = str(error)
        assert text and "\n" not in text.strip() and len(text) < 2000, (seed, text)
        text.encode()
    except Exception as error:
        raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error


@pytest.fixture(autouse=True)
def little_memory():
    """No file, whatever it claims, takes more than a gigabyte beside what the process held before."""
    gc.collect()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak is that of this test, of none before in the process
    unit = 1 if sys.platform == "darwin" else 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - held < 2**30


@many(15, 1500)
def test_runs(own_home, count):
    made = start("mlp", {"data": "digits", "epochs": 2, "hidden": (4,)}, name="good", choice=FLOAT32)
    good, odd = Run.open(made["run"]).path, own_home / "runs" / "odd"
    names = ["recipe.json", "model.json", "result.json", "log.jsonl", "checksums.json", "model.safetensors", "state.pt"]
    for seed in range(count):
        draw = random.Random(seed)
        shutil.rmtree(odd, ignore_errors=True)
        shutil.copytree(good, odd)
        noted = json.loads((odd / "checksums.json").read_text())
        if draw.random() < 0.6:  # as an earlier torchbook wrote it, so that only its shape is left to look at
            old = {name: noted[name] for name in ("model.safetensors", "state.pt")}
            (odd / "checksums.json").write_text(json.dumps(old))
        name = draw.choice(names)
        before = (odd / name).read_bytes()
        change(odd / name, draw)
        changed = (odd / name).read_bytes() != before
        with only_words(seed):
            answer = commands.runs().data
            listed = {row["name"] for row in answer["runs"]}
            assert "good" in listed and ("odd" in listed or any("odd" in line for line in answer["unread"])), seed
            row = runs._row(odd)
            assert ("cannot be read" in row) == ("odd" not in listed), (seed, row)
            runs._page(odd, "odd").encode()
            if changed and name in ("log.jsonl", "recipe.json", "result.json") and name in noted and len(noted) < 9:
                told = answer["unread"] or json.loads((odd / "checksums.json").read_text()).get(name) is None
                assert told or name == "log.jsonl", (seed, name)
        with only_words(seed):
            trained = load_model(Run.open(odd))
            assert not (changed and name in ("model.safetensors",)), seed
            trained.outputs(torch.zeros(1, *trained.sample_shape))
        with only_words(seed):
            run = Run.open(odd)
            run.choice.as_dict()
            assert run.load_state() is not None or name == "state.pt"
            assert not (changed and name == "state.pt"), seed


@many(24, 1000)
def test_pages(tmp_path, own_home, monkeypatch, count):
    own, _ = workspace.make(tmp_path / "work")
    for number in range(30):
        progress.record(own.database, f"exercise{number}", "attempt", outcome="passed", fingerprint=str(number))
        progress.record_answer(own.database, 1, f"q{number}", right=True)
    for lesson in (1, 8, 9, "P1"):
        bookmarks.remember(own, lesson, anchor="the-question", heading="The question", share=0.4)
    for cell in ("a", "b"):
        changed_blocks.save(own, "09", cell, changed_blocks.ChangedBlock("x = 1", "x = 1", "abc"), base=None)
    with contextlib.closing(sqlite3.connect(own.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    exported = tmp_path / "exported.json"
    exported.write_text(json.dumps(progress.export(own.database)))
    names, written = ("progress.db", "torchbook.json", "places.json", "blocks/09.json"), documents()
    monkeypatch.setattr(workspace, "exercises", lambda *roots: [])  # the packaged ones cost a second each time
    for seed in range(count):
        draw, folder = random.Random(seed), tmp_path / "odd"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(own.folder, folder)
        odd, name = workspace.Workspace(folder), names[seed % len(names)]
        change(folder / name, draw)
        before = (folder / name).read_bytes()
        road = lesson_statuses(odd, written)
        layout.bar(road).encode()
        read = len(bookmarks.places(odd)), len(changed_blocks.read(odd, "09")), len(progress.standings(odd.database))
        if name == "progress.db" and read[2] < 30:
            assert study.trouble(odd), seed
        assert (folder / name).read_bytes() == before, seed
        bookmarks.remember(odd, 3)
        changed_blocks.save(odd, "09", "c", changed_blocks.ChangedBlock("y"), base=None)
        with only_words(seed):
            progress.record(odd.database, "after", "attempt", outcome="passed", fingerprint="x")
            assert progress.standings(odd.database)["after"].passed
        if name in ("places.json", "blocks/09.json"):
            kept = {file.read_bytes() for file in folder.glob("kept/*")}
            assert before in kept or read[name != "places.json"] == rows_in(before), seed
        odd_export = tmp_path / "odd.json"
        odd_export.write_bytes(exported.read_bytes())
        change(odd_export, draw)
        with only_words(seed):
            added, left_out = progress.import_from(tmp_path / "fresh.db", odd_export)
            assert added + left_out <= 61
        for end in ("", "-wal", "-shm"):
            (tmp_path / f"fresh.db{end}").unlink(missing_ok=True)


@many(100, 6000)
def test_idx_files(tmp_path, count):
    array = np.arange(2 * 5 * 7, dtype=np.uint8).reshape(2, 5, 7)
    content = b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()
    for seed in range(count):
        draw = random.Random(seed)
        packed = draw.random() < 0.5
        (tmp_path / "file").write_bytes(damaged(gzip.compress(content) if packed else content, draw))
        with only_words(seed):
            tensor = read_idx(tmp_path / "file")
            assert tensor.numel() == 70 or not packed, seed


def write_slice(path, series, place):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, "1.2.3.4"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    header.Modality, header.SeriesInstanceUID, header.InstanceNumber = "CT", f"1.2.{series}", place
    header.ImageOrientationPatient, header.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 2.0 * place]
    header.PixelSpacing, header.SliceThickness, header.Rows, header.Columns = [0.5, 0.75], 2, 6, 5
    header.SamplesPerPixel, header.PhotometricInterpretation = 1, "MONOCHROME2"
    header.BitsAllocated, header.BitsStored, header.HighBit, header.PixelRepresentation = 16, 12, 11, 0
    header.RescaleSlope, header.RescaleIntercept = 1, -1024
    header.PixelData = np.random.default_rng(10 * series + place).integers(0, 4000, (6, 5)).astype("<u2").tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    header.save_as(path, enforce_file_format=True)


@many(8, 700)
def test_slices_of_scanners(tmp_path, own_home, count):
    good = tmp_path / "good"
    for number in range(4):
        for place in range(3):
            write_slice(good / "ab"[number % 2] / str(number) / f"{place}.dcm", number, place)
    files = sorted(good.rglob("*.dcm"))
    for seed in range(count):
        draw, odd = random.Random(seed), tmp_path / "odd"
        shutil.rmtree(odd, ignore_errors=True)
        shutil.copytree(good, odd)
        for file in draw.sample(files, 2):
            change(odd / file.relative_to(good), draw)
        with only_words(seed):
            dataset = load_volumes(odd)
            assert sum(map(len, dataset)) > 0
            for split in dataset:
                assert split.inputs.isfinite().all(), seed


@many(8, 800)
def test_pictures_in_folders_and_zips(tmp_path, own_home, count):
    contents = {}
    for number in range(8):
        file = io.BytesIO()
        kind = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")[number % 6]
        Image.fromarray(np.random.default_rng(number).integers(0, 256, (9, 8, 3), np.uint8)).save(file, kind)
        contents[f"{'ab'[number % 2]}/{number}.{kind.lower()}"] = file.getvalue()
    for seed in range(count):
        draw, folder = random.Random(seed), tmp_path / str(seed)
        odd = {name: damaged(content, draw) if draw.random() < 0.3 else content for name, content in contents.items()}
        if as_zip := draw.random() < 0.5:
            path = tmp_path / f"{seed}.zip"
            with zipfile.ZipFile(path, "w", draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
                for name, content in odd.items():
                    nameless = draw.random() < 0.03 and "" not in archive.NameToInfo
                    archive.writestr(zipfile.ZipInfo("") if nameless else name, content)
            if draw.random() < 0.5:
                path.write_bytes(damaged(path.read_bytes(), draw))
        else:
            path = folder
            for name, content in odd.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        with only_words(seed):
            dataset = load_folder(path)
            left_out = sum(map(len, dataset.card.extra["left_out"].values()))
            used = {row for split in dataset for row in range(len(split))}
            assert used and (as_zip or sum(map(len, dataset)) + left_out >= len(odd)), seed
        shutil.rmtree(own_home / "packs", ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        path.unlink(missing_ok=True) if as_zip else None
