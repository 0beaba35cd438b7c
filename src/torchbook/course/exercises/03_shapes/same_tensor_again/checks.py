import contextlib
import shutil
import tempfile
from pathlib import Path

import torch

from torchbook.course.grading.cases import case
from torchbook.course.grading.stranger import RAN, Stranger


def again(answer, tensor):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tensor.pt"
        answer.save_tensor(tensor, path)
        return answer.load_tensor(path)


@case("the file that is there afterwards")
def named(answer, draw):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tensor.pt"
        answer.save_tensor(draw.normal("2 3"), path)
        names = sorted(file.name for file in Path(folder).iterdir())
        return {"file": path.name if path.name in names else ", ".join(names)}


@case("a matrix", repeat=2)
@case("double precision", dtype=torch.float64)
@case("bfloat16", dtype=torch.bfloat16)
def matrix(answer, draw, dtype=torch.float32):
    return again(answer, draw.normal("rows columns", dtype=dtype))


@case("pictures of whole numbers", dtype=torch.uint8)
@case("class numbers", dtype=torch.int64)
def whole(answer, draw, dtype):
    return again(answer, draw.integers("n 2 3", 0, 200, dtype=dtype))


@case("yes and no")
def truths(answer, draw):
    return again(answer, draw.normal("rows columns") > 0)


@case("a transposed matrix")
def transposed(answer, draw):
    return again(answer, draw.normal("rows columns").T)


@case("every second column")
def gaps(answer, draw):
    return again(answer, draw.normal("rows 6")[:, ::2])


@case("a single number")
def scalar(answer, draw):
    return again(answer, draw.normal("3")[1])


@case("no rows at all")
def empty(answer, draw):
    return again(answer, torch.zeros(0, 3))


@case("numbers that are none")
def special(answer, draw):
    return again(answer, torch.tensor([float("nan"), float("inf"), -float("inf"), 0.0]))


@case("large and tiny numbers, to the last digit", rtol=0.0, atol=0.0)
def digits(answer, draw):
    return again(answer, torch.cat([draw.normal("n", std=1e20), draw.normal("n", std=1e-20), draw.normal("n")]))


@case("three rows of a large table: the size of the file")
def size(answer, draw):
    table = draw.normal("300 100")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tensor.pt"
        answer.save_tensor(table[10:13], path)
        written = sum(file.stat().st_size for file in Path(folder).iterdir())
        return {
            "at most 8,000 bytes more than the numbers": 0 < written <= 3 * 100 * 4 + 8000,
            "the rows": answer.load_tensor(path),
        }


@case("a column of a large table: the size of the file")
def column(answer, draw):
    table = draw.normal("300 100")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tensor.pt"
        answer.save_tensor(table[:, 7], path)
        written = sum(file.stat().st_size for file in Path(folder).iterdir())
        return {"at most 8,000 bytes more than the numbers": 0 < written <= 300 * 4 + 8000}


@case("a whole table: the size of the file")
def table(answer, draw):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tensor.pt"
        answer.save_tensor(draw.normal("60 50"), path)
        written = sum(file.stat().st_size for file in Path(folder).iterdir())
        return {"at most 8,000 bytes more than the numbers": 0 < written <= 60 * 50 * 4 + 8000}


@case("a row is still a view of its table after it was saved")
def still_a_view(answer, draw):
    table = draw.normal("4 3")
    row = table[1]
    again(answer, row)
    table[1] = torch.arange(3) + 0.5
    return {"the row after its table was changed": row}


@case("two files, each by its own path")
def paths(answer, draw):
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.pt", Path(folder) / "second.pt"
        answer.save_tensor(draw.normal("2 3"), first)
        answer.save_tensor(draw.normal("2 3"), second)
        return {"first": answer.load_tensor(first), "second": answer.load_tensor(second)}


@case("a file that was moved")
def moved(answer, draw):
    with tempfile.TemporaryDirectory() as folder:
        here, there = Path(folder) / "here.pt", Path(folder) / "there.pt"
        answer.save_tensor(draw.normal("2 3"), here)
        shutil.move(here, there)
        return answer.load_tensor(there)


@case("a file that would run code")
def stranger(answer, draw):
    RAN.clear()
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Exception):
        path = Path(folder) / "tensor.pt"
        torch.save(Stranger(draw.normal("2 3")), path)
        answer.load_tensor(path)
    return {"code from the file ran": bool(RAN)}


@case("a pickle that would run code")
def pickled(answer, draw):
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Exception):
        path = Path(folder) / "tensor.pt"
        path.write_bytes(b"cbuiltins\nopen\n(S'code from the file ran'\nS'w'\ntR.")  # opens a file for writing
        answer.load_tensor(path)
    ran = Path("code from the file ran").exists()
    Path("code from the file ran").unlink(missing_ok=True)
    return {"code from the file ran": ran}
