"""A pack is made once, noticed to be stale or damaged, and never half there."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from torchbook.data.images import row_file as rows_module
from torchbook.data.images.pack import pack
from torchbook.data.images.row_file import rows
from torchbook.errors import TorchbookError
from torchbook.home import home


def paint(path, seed, *, size=(6, 5), mode="L"):
    shape = (size[1], size[0]) if mode == "L" else (size[1], size[0], 3)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, np.uint8)).save(path)


@pytest.fixture
def folder(tmp_path):
    for number in range(6):
        paint(tmp_path / "set" / f"{number}.png", number)
    return tmp_path / "set"


def packs():
    return sorted(file.name for file in (home() / "packs").iterdir() if file.suffix != ".lock")


def test_the_rows_are_the_images_and_are_made_once(folder):
    array, index = pack(folder)
    values = np.load(array)
    assert index.names == [f"{number}.png" for number in range(6)]
    for number in range(6):
        assert np.array_equal(values[number, 0], np.asarray(Image.open(folder / f"{number}.png")))
    before = array.stat().st_mtime_ns
    again, same = pack(folder)
    assert (again, json.dumps(same.names)) == (array, json.dumps(index.names))
    assert again.stat().st_mtime_ns == before


@pytest.mark.parametrize("change", ["name", "size", "time", "added", "removed"])
def test_changed_files_are_noticed_and_the_old_pack_is_removed(folder, change):
    old, _ = pack(folder)
    if change == "name":
        (folder / "0.png").rename(folder / "7.png")
    if change == "size":
        paint(folder / "0.png", 99, size=(6, 5))
    if change == "time":
        os.utime(folder / "0.png", ns=(1, 1))
    if change == "added":
        paint(folder / "9.png", 9)
    if change == "removed":
        (folder / "0.png").unlink()
    new, index = pack(folder)
    assert new != old
    assert packs() == sorted([new.name, new.with_suffix(".json").name])
    assert np.array_equal(rows(new, np.arange(1))[0, 0], np.asarray(Image.open(folder / index.names[0])))


@pytest.mark.parametrize("damage", ["flip", "truncate", "no index", "half an index", "other index", "no array"])
def test_a_damaged_pack_is_made_again(folder, damage):
    array, _ = pack(folder)
    expected, index = array.read_bytes(), array.with_suffix(".json")
    if damage == "flip":
        array.write_bytes(expected[:-1] + bytes([expected[-1] ^ 1]))
    if damage == "truncate":
        array.write_bytes(expected[:-1])
    if damage == "no index":
        index.unlink()
    if damage == "half an index":
        index.write_bytes(index.read_bytes()[:-40])
    if damage == "other index":
        index.write_text('{"shape": [1]}')
    if damage == "no array":
        array.unlink()
    assert pack(folder)[0] == array
    assert array.read_bytes() == expected


def test_another_size_is_another_pack(folder):
    assert pack(folder)[1].shape == (6, 1, 5, 6)
    assert pack(folder, image_size=8)[1].shape == (6, 1, 8, 8)
    assert len(packs()) == 4


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(128, 128), (128, 128)], (128, 128)),
        ([(129, 129), (129, 129)], (64, 64)),
        ([(20, 30), (30, 50), (41, 43)], (24, 24)),
        ([(3, 3), (4, 4)], (8, 8)),
    ],
)
def test_the_size_that_is_chosen(tmp_path, sizes, expected):
    for number, size in enumerate(sizes):
        paint(tmp_path / f"{number}.png", number, size=size)
    assert pack(tmp_path)[1].shape[2:] == expected


def test_the_depth_of_the_deepest_image_holds_for_all(tmp_path):
    values = np.array([[0, 100], [2000, 3000]], np.uint16)
    Image.fromarray(values).save(tmp_path / "deep.png")
    Image.fromarray(values // 2).save(tmp_path / "dark.png")
    Image.fromarray(np.array([[0, 255]] * 2, np.uint8)).save(tmp_path / "shallow.png")
    array, index = pack(tmp_path)
    assert index.facts["peak"] == 4095
    dark, deep, shallow = rows(array, np.arange(3))[:, 0]
    assert np.array_equal(deep, np.rint(values * (255 / 4095)))
    assert np.array_equal(dark, np.rint(values // 2 * (255 / 4095)))
    assert shallow.max() == 255


def test_floats_of_0_to_1_may_exceed_it_by_a_hair(tmp_path):
    values = np.array([[0, 0.25], [0.5, 1]], np.float32)
    Image.fromarray(values).save(tmp_path / "a.tif")
    Image.fromarray(values * np.float32(1.001)).save(tmp_path / "b.tif")
    array, index = pack(tmp_path)
    assert index.facts["peak"] == 1
    assert np.load(array)[:, 0].tolist() == [[[0, 64], [128, 255]]] * 2


PACKING = """import sys
from pathlib import Path
from torchbook.data.images.pack import pack
print(pack(Path(sys.argv[1]))[0])"""


def packing(folder):
    environment = {**os.environ, "TORCHBOOK_HOME": str(home())}
    command = [sys.executable, "-c", PACKING, str(folder)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def many(tmp_path):
    for number in range(1500):
        paint(tmp_path / "many" / f"{number}.bmp", number)
    return tmp_path / "many"


def test_two_processes_make_it_once(many):
    first, second = packing(many), packing(many)
    answers = [process.communicate(timeout=250) for process in (first, second)]
    assert answers[0][0] == answers[1][0] != ""
    assert sorted("packing" in said for _, said in answers) == [False, True]


@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_nothing_half_done(many):
    expected = None
    for delay in (None, *np.linspace(0.2, 2.5, 8)):
        process = packing(many)
        if delay is not None:
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
        process.communicate()
        array, index = pack(many)
        expected = expected or array.read_bytes()
        assert array.read_bytes() == expected
        assert len(index.names) == 1500
        assert packs() == sorted([array.name, array.with_suffix(".json").name])
        (many / "0.bmp").touch()


def test_a_full_disk_leaves_nothing_behind(folder, tmp_path):
    resource = pytest.importorskip("resource")
    script = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));" + PACKING
    environment = {**os.environ, "TORCHBOOK_HOME": str(home())}
    done = subprocess.run([sys.executable, "-c", script, str(folder)], env=environment, capture_output=True, text=True)
    assert resource and "OSError" in done.stderr
    assert packs() == []
    assert pack(folder)[1].shape == (6, 1, 5, 6)


def test_more_than_the_disk_holds_is_refused(folder, monkeypatch):
    monkeypatch.setattr(rows_module.shutil, "disk_usage", lambda _: rows_module.shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(TorchbookError, match="are needed"):
        pack(folder)
    assert packs() == []
