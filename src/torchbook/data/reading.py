"""Reading many files of a folder or zip: in place where they are few, otherwise in processes of their own.

The processes are plain programs (`decode.py`) that answer lines of JSON. They need no `if __name__ == "__main__"` in
the person's script, may be started from a worker, and import nothing of torch.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from rich.console import Console
from rich.progress import Progress

from torchbook.data import decode

_IN_PLACE = 1000
_PER_JOB = 64


def read_files(source: Path, names: list[str], doing: str, **job: Any) -> list[Any]:
    """The result of `decode.read_all` for each name, in order; progress goes to standard error.

    A file that brings down the process that reads it is `["damaged", reason]` like any other damaged one.

    Raises:
        OSError: the pixels cannot be written.
    """
    jobs = [{**job, "names": names[i : i + _PER_JOB], "first": i} for i in range(0, len(names), _PER_JOB)]
    if len(names) <= _IN_PLACE:
        read = decode.reader(source)
        return [result for one in jobs for result in decode.read_all(read, one)]
    results: list[Any] = []
    with _Readers(source) as readers, Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task(f"{doing} {len(names):,} pictures of {source.name}", total=len(names))
        for part in readers.map(jobs):
            results += part
            progress.advance(bar, len(part))
    return results


class _Readers:
    """As many reading programs as there are processors, each spoken to by one thread."""

    def __init__(self, source: Path):
        self.source = source
        count = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 16)
        self.idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self.threads = ThreadPoolExecutor(count)
        for _ in range(count):
            self.idle.put(self._started())

    def _started(self) -> subprocess.Popen[str]:
        # -P keeps the folder of decode.py, with modules of common names, off the program's path.
        command = [sys.executable, "-P", decode.__file__, str(self.source)]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def map(self, jobs: list[dict[str, Any]]) -> Iterator[list[Any]]:
        return self.threads.map(self._done, jobs)

    def _done(self, job: dict[str, Any]) -> list[Any]:
        program = self.idle.get()
        try:
            answer = self._asked(program, job)
            if answer is None:
                program.kill()
                program.wait()
                program = self._started()
                if len(job["names"]) == 1:
                    answer = [["damaged", "reading it brings the reading program down"]]
        finally:
            self.idle.put(program)
        if answer is None:
            # One of them did it: ask for each by itself.
            singles = ({**job, "names": [name], "first": job["first"] + i} for i, name in enumerate(job["names"]))
            return [result for single in singles for result in self._done(single)]
        if isinstance(answer, dict):
            raise OSError(answer["errno"], answer["reason"], answer["file"])
        return answer

    @staticmethod
    def _asked(program: subprocess.Popen[str], job: dict[str, Any]) -> Any:
        assert program.stdin is not None and program.stdout is not None
        try:
            program.stdin.write(json.dumps(job) + "\n")
            program.stdin.flush()
            return json.loads(program.stdout.readline())
        except (OSError, ValueError):
            return None

    def __enter__(self) -> "_Readers":
        return self

    def __exit__(self, *_: Any) -> None:
        self.threads.shutdown(cancel_futures=True)
        while not self.idle.empty():
            program = self.idle.get()
            program.kill()
            program.communicate()
