"""Reading many files of a folder or zip: in place where they are few, otherwise in processes of their own.

The processes are plain programs (`decode.py`) that answer lines of JSON. They need no `if __name__ == "__main__"` in
the person's script, may be started from a worker process, and import nothing of torch.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from rich.console import Console
from rich.progress import Progress

from torchbook.data.images import decode
from torchbook.data.images.files import File
from torchbook.data.phrasing import counted

# So many files, or so many bytes, are read before a second process would have started.
_IN_PLACE = 1000, 16 << 20
_PER_JOB = 64, 4 << 20
# Each knows all names of a large zip: six and this process stay under 600 MB with 60,000 of them.
_MOST_PROCESSES = 6


def read_files(source: Path, files: Sequence[File], doing: str, **job: Any) -> list[Any]:
    """The result of `decode.read_all` for each file, in order; `doing` names it in the progress on standard error.

    A file that brings down the process that reads it is `["damaged", reason]`, like any other damaged one.

    Raises:
        OSError: the pixels cannot be written.
    """
    jobs = [{**job, "names": names, "first": first} for first, names in _portions(files)]
    if len(files) <= _IN_PLACE[0] and sum(file.size for file in files) <= _IN_PLACE[1]:
        read = decode.reader(source)
        return [result for part in jobs for result in decode.read_all(read, part)]
    results: list[Any] = []
    with _Programs(source) as programs, Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task(f"{doing} {counted(len(files), 'file')} of {source.name}", total=len(files))
        for part in programs.answers(jobs):
            results += part
            progress.advance(bar, len(part))
    return results


def _portions(files: Sequence[File]) -> Iterator[tuple[int, list[str]]]:
    """Portions of so many names or bytes, each with the number of its first file."""
    names: list[str] = []
    size = first = 0
    for number, file in enumerate(files):
        if names and (len(names) == _PER_JOB[0] or size + file.size > _PER_JOB[1]):
            yield first, names
            names, size, first = [], 0, number
        names.append(file.name)
        size += file.size
    if names:
        yield first, names


class _Programs:
    """As many reading programs as there are processors; whichever is idle takes the next job."""

    def __init__(self, source: Path):
        # -P keeps the folder of decode.py, with modules of common names, off the program's path.
        self.command = [sys.executable, "-P", decode.__file__, str(source)]
        count = min(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, _MOST_PROCESSES
        )
        self.threads = ThreadPoolExecutor(count)
        self.idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for _ in range(count):
            self.idle.put(self._started())

    def __enter__(self) -> "_Programs":
        return self

    def __exit__(self, *_: Any) -> None:
        self.threads.shutdown(cancel_futures=True)
        while not self.idle.empty():
            _ended(self.idle.get())

    def answers(self, jobs: list[dict[str, Any]]) -> Iterator[list[Any]]:
        """The results of each job, in order."""
        return self.threads.map(self._done, jobs)

    def _started(self) -> subprocess.Popen[str]:
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        return subprocess.Popen(self.command, stdin=pipe, stdout=pipe, stderr=nowhere, text=True)

    def _done(self, job: dict[str, Any]) -> list[Any]:
        program = self.idle.get()
        try:
            answer = _answer(program, job)
            if answer is None:
                _ended(program)
                program = self._started()
                if _answer(program, job | {"names": []}) is None:
                    raise OSError(f"the reading program does not run: {' '.join(self.command)}")
        finally:
            self.idle.put(program)
        if isinstance(answer, dict):
            raise OSError(answer["errno"], answer["reason"], answer["file"])
        if answer is not None:
            return answer
        if len(job["names"]) == 1:
            return [["damaged", "it brings down the program that reads it"]]
        # One of them did it: each is read by itself.
        singles = ({**job, "names": [name], "first": job["first"] + i} for i, name in enumerate(job["names"]))
        return [result for single in singles for result in self._done(single)]


def _answer(program: subprocess.Popen[str], job: dict[str, Any]) -> Any:
    """Returns what the program says to a job, or None where it has died of it."""
    assert program.stdin is not None and program.stdout is not None
    try:
        program.stdin.write(json.dumps(job) + "\n")
        program.stdin.flush()
        return json.loads(program.stdout.readline())
    except (OSError, ValueError):
        return None


def _ended(program: subprocess.Popen[str]) -> None:
    program.kill()
    for pipe in (program.stdin, program.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:
            # What was still to be written has no reader any more.
            continue
    program.wait()
