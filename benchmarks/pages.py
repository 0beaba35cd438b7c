"""How long a reader waits: the first lesson after a start, the next one, and the same again, in Chromium.

python benchmarks/pages.py [--times 3] [--lessons "08 09"] [--looks 3] [--reads 10]

A lesson counts as there when its first output is on the page. The first lesson is the one where the learner goes on.
A reader looks at the road for `--looks` seconds before choosing and reads for `--reads` seconds before going on. The
browser is asked as little as can be: a tool that listens to every request (300 of them) would cost half a second.
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

from torchbook.course.site.command import free_port

CHROMIUM = os.environ.get("TORCHBOOK_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SERVER = """
import sys
from pathlib import Path
from torchbook.course.learner import workspace
from torchbook.course.site import bookmarks
from torchbook.course.site.command import serve
made = workspace.make(Path(sys.argv[1]))[0]
bookmarks.remember(made, int(sys.argv[3]))
serve(made, port=int(sys.argv[2]))
"""


def main() -> None:
    """Starts a server `--times` times and prints seconds: median, and all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--lessons", default="08 09")
    parser.add_argument("--looks", type=float, default=3.0)
    parser.add_argument("--reads", type=float, default=10.0)
    arguments = parser.parse_args()
    seconds: dict[str, list[float]] = {}
    for _ in range(arguments.times):
        for what, value in once(arguments.lessons.split(), arguments.looks, arguments.reads).items():
            seconds.setdefault(what, []).append(value)
    for what, values in seconds.items():
        print(f"{what:28} {statistics.median(values):6.2f} s   ({', '.join(f'{value:.2f}' for value in values)})")


def once(lessons: list[str], looks: float, reads: float) -> dict[str, float]:
    """A start, then the lessons one after the other, then the first again."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.ExitStack() as ends:
        port, door = free_port("127.0.0.1", 0), free_port("127.0.0.1", 0)
        site = f"http://127.0.0.1:{port}"
        began = time.perf_counter()
        server = [sys.executable, "-c", SERVER, str(Path(folder) / "workspace"), str(port), lessons[0]]
        started(ends, server, os.environ | {"TORCHBOOK_HOME": folder})
        until(lambda: answers(port))
        told = {"server answers": time.perf_counter() - began}
        started(ends, [CHROMIUM, *FLAGS, f"--user-data-dir={folder}/browser", f"--remote-debugging-port={door}", site])
        until(lambda: answers(door))
        with connect(until(lambda: page_of(door)), max_size=None) as page:
            until(lambda: ask(page, "document.querySelector('.road-onward') !== null"))
            time.sleep(looks)
            for place, lesson in enumerate([*lessons, lessons[0]]):
                name = f"lesson {lesson}{', first' if not place else ', again' if place == len(lessons) else ''}"
                told[name] = opened(page, site, lesson)
                time.sleep(reads)
        return told


def opened(page: ClientConnection, site: str, lesson: str) -> float:
    """Seconds until a lesson can be used."""
    here, there = f"location.pathname.startsWith('/lessons/{lesson}')", "document.querySelector('.lesson.is-there')"
    began = time.perf_counter()
    send(page, "Page.navigate", url=f"{site}/lessons/{lesson}")
    until(lambda: ask(page, f"{here} && {there} !== null"))
    return time.perf_counter() - began


def ask(page: ClientConnection, expression: str) -> Any:
    """What an expression of JavaScript is on a page; None while the page changes."""
    return send(page, "Runtime.evaluate", expression=expression).get("result", {}).get("value")


def send(page: ClientConnection, method: str, **parameters: Any) -> dict[str, Any]:
    """A command of the DevTools protocol and its result."""
    page.send(json.dumps({"id": 1, "method": method, "params": parameters}))
    while True:
        said = json.loads(page.recv())
        if "id" in said:
            return said.get("result", {})


def page_of(door: int) -> str:
    """The address at which a browser's page takes commands; empty while there is none."""
    with urlopen(f"http://127.0.0.1:{door}/json") as answer:
        return next((one["webSocketDebuggerUrl"] for one in json.load(answer) if one["type"] == "page"), "")


def started(ends: contextlib.ExitStack, command: list[str], environment: dict[str, str] | None = None) -> None:
    """Starts a program that ends with the stack."""
    quiet = subprocess.DEVNULL
    program = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
    ends.callback(program.wait)
    ends.callback(program.kill)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def until(question: Callable[[], Any]) -> Any:
    """The first answer that is true.

    Raises:
        TimeoutError: there is none for a minute.
    """
    end = time.perf_counter() + 60
    while not (answer := question()):
        if time.perf_counter() > end:
            raise TimeoutError("there is no answer for a minute")
        time.sleep(0.02)
    return answer


if __name__ == "__main__":
    main()
