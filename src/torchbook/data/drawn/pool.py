"""Many pictures: drawn once by as many processes as there are processors, kept in a file, mapped into memory after.

A pack is two arrays that NumPy can open, `NAME-KEY.labels.npy` and, written last, `NAME-KEY.npy`. The key follows
from what is drawn and from the program text of the drawing: a changed drawing is never mistaken for the old one.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
from jaxtyping import Int64, UInt8

Drawing = Callable[[int, np.ndarray, int], tuple[np.ndarray, np.ndarray]]

# Pictures that are drawn together: their numbers stay in a processor's cache.
_BLOCK = 64
# So many are drawn here before a second process would have started.
_IN_PLACE = 500
_MOST_PROCESSES = 16
# A process is given the package of drawings by itself: through `torchbook.data` it would wait for torch.
_PROGRAM = "import sys; sys.path.append(sys.argv[1]); from drawn.pool import serve; serve(*sys.argv[2:])"


@dataclass(frozen=True)
class Job:
    """What is drawn: `count` pictures from index `first` on, `size` pixels wide.

    `place` is the module of this package and the end of the function's name: `"horses:zebras"` is `draw_zebras` of
    `horses`.
    """

    place: str
    seed: int
    first: int
    count: int
    size: int

    @property
    def name(self) -> str:
        return self.place.split(":")[1]

    def draw(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """Pictures `start` to `stop` of the job and the numbers of their factors."""
        module = import_module(f".{self.place.split(':')[0]}", __package__)
        drawing: Drawing = getattr(module, f"draw_{self.name}")
        return drawing(self.seed, np.arange(self.first + start, self.first + stop), self.size)


def drawn(
    job: Job, folder: Path, *, processes: int | None = None
) -> tuple[UInt8[np.ndarray, "count ..."], Int64[np.ndarray, "count factors"]]:
    """The pictures of a job and the numbers of their factors, mapped from files in `folder`, drawn now if need be.

    `processes` is how many draw: as many as there are processors, or 0 for here and now, as a few pictures are.

    Raises:
        OSError: the disk is full, or a process that draws was ended from outside.
    """
    from filelock import FileLock

    key = hashlib.blake2b(f"{job} {_program_text()}".encode(), digest_size=8).hexdigest()
    file = folder / f"{job.name}-{key}.npy"
    labels = file.with_suffix(".labels.npy")
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock")):
        if not (file.exists() and labels.exists()):
            scratch = folder / f".drawing-{key}"
            # One that was killed has left it behind.
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            try:
                _reserve(job, scratch)
                _draw(job, scratch, processes)
                (scratch / "labels.npy").replace(labels)
                (scratch / "pictures.npy").replace(file)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    # Copy on write: torch asks for memory it could write to, the file stays as it is.
    return np.load(file, mmap_mode="c", allow_pickle=False), np.load(labels, allow_pickle=False)


def serve(job: str, folder: str, part: str, parts: str) -> None:
    """Returns what a process does: its share of a job, with the number of pictures in each block on standard output."""
    # Ctrl-C reaches all processes of a terminal; the one that asked says so and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for done in _blocks(Job(**json.loads(job)), Path(folder), int(part), int(parts)):
        try:
            # In one piece: all processes write to the same pipe.
            os.write(1, f"{done}\n".encode())
        except BrokenPipeError:
            # The process that asked is gone.
            return


def _blocks(job: Job, folder: Path, part: int = 0, parts: int = 1) -> Iterator[int]:
    """Draws every `parts`-th block into the files, from number `part` on, and gives its number of pictures."""
    pictures, labels = (np.load(folder / name, mmap_mode="r+") for name in ("pictures.npy", "labels.npy"))
    for start in range(part * _BLOCK, job.count, parts * _BLOCK):
        stop = min(start + _BLOCK, job.count)
        pictures[start:stop], labels[start:stop] = job.draw(start, stop)
        yield stop - start
    pictures.flush()
    labels.flush()


def _reserve(job: Job, folder: Path) -> None:
    """Files of the right form, with room for everything, so that a full disk is noticed now."""
    for name, sample in zip(("pictures.npy", "labels.npy"), job.draw(0, 1)):
        shape = (job.count, *sample.shape[1:])
        array = np.lib.format.open_memmap(folder / name, mode="w+", dtype=sample.dtype, shape=shape)
        if hasattr(os, "posix_fallocate"):
            with (folder / name).open("r+b") as opened:
                os.posix_fallocate(opened.fileno(), 0, array.offset + array.nbytes)


def _draw(job: Job, folder: Path, processes: int | None) -> None:
    if processes is None:
        processes = 0 if job.count <= _IN_PLACE else min(_processors(), _MOST_PROCESSES)
    if processes == 0:
        for _ in _blocks(job, folder):
            pass
        return

    from rich.console import Console
    from rich.progress import Progress

    words = [str(Path(__file__).parent.parent), json.dumps(asdict(job)), str(folder)]
    reading, writing = os.pipe()
    programs: list[subprocess.Popen[bytes]] = []
    try:
        console = Console(stderr=True)
        with os.fdopen(reading) as lines, Progress(console=console, disable=not console.is_terminal) as progress:
            for part in range(processes):
                command = [sys.executable, "-P", "-c", _PROGRAM, *words, str(part), str(processes)]
                programs.append(subprocess.Popen(command, stdout=writing))
            # Now only the programs hold it, and the lines end when they do.
            os.close(writing)
            bar = progress.add_task(f"drawing {job.count:,} {job.name}", total=job.count)
            for line in lines:
                progress.advance(bar, int(line))
        for program in programs:
            if program.wait() != 0:
                raise OSError(f"drawing {job.name} ended early: a process stopped with status {program.returncode}")
    finally:
        for program in programs:
            program.kill()
            program.wait()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _program_text() -> str:
    """A digest of everything that decides how a picture looks."""
    files = (file for file in sorted(Path(__file__).parent.glob("*.py")) if file.stem not in ("pool", "sets"))
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=8).hexdigest()
