"""Many files are read by programs of their own, and a program that dies takes no file with it."""

import numpy as np
import psutil
import pytest
from PIL import Image

from torchbook.data.images import decode, reading
from torchbook.data.images.files import listing
from torchbook.data.images.reading import read_files


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """More files than are read in place; one is damaged."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(1200):
        Image.fromarray(np.full((4, 4), number % 256, np.uint8)).save(folder / f"{number:04}.bmp")
    (folder / "0007.bmp").write_bytes(b"BM")
    return folder


def test_programs_find_what_is_found_in_place(many, capfd):
    files = listing(many).files
    found = read_files(many, files, "looking at")
    assert found == decode.read_all(decode.reader(many), {"names": [file.name for file in files], "first": 0})
    assert found[7][0] == "damaged"
    said = capfd.readouterr()
    assert "1,200 files" in said.err
    assert said.out == ""


def test_a_program_that_is_killed_takes_no_file_with_it(many, monkeypatch):
    files, before = listing(many).files, set(psutil.Process().children())
    answer, killed = reading._answer, []

    def killed_at_its_job(program, job):
        if not killed:
            killed.append(program.pid)
            program.kill()
        return answer(program, job)

    monkeypatch.setattr(reading, "_answer", killed_at_its_job)
    found = read_files(many, files, "looking at")
    assert killed
    assert [number for number, result in enumerate(found) if isinstance(result, list)] == [7]
    assert set(psutil.Process().children()) <= before


def test_pixels_that_cannot_be_written_are_an_error_of_the_system(many, tmp_path):
    shape = {"channels": 1, "height": 4, "width": 4}
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_files(many, listing(many).files, "packing", out=str(tmp_path / "nowhere"), start=0, shape=shape)
