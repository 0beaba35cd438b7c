"""How long a reader waits on the page of a lesson, in Chromium.

python benchmarks/pages.py [--times 5] [--lessons "09 08 14"] [--pause 0]

Each time the course is started anew, as a learner does, and asked `--pause` seconds after it answers. For each lesson
it says: the seconds from the request to the last byte of its text, first and again; from the start of the visit
until a slider that is moved at once has changed a sentence, and the same for three further moves, when the lesson's
worker is there; and the bytes of scripts and styles of the page. The browser is asked as little as can be: a tool that
listens to every request would cost time itself.
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
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

from torchbook.course.site.command import free_port

CHROMIUM = os.environ.get("TORCHBOOK_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SERVER = """
import sys
from torchbook.course.site.command import learn
learn(port=int(sys.argv[1]), no_browser=True)
"""
# Moves the first slider of a page by a notch; the milliseconds until the worker has replaced a part of the page.
MOVE = """new Promise((done) => {
  const field = document.querySelector("input[type=range][data-control]");
  field.closest("details")?.setAttribute("open", "");
  const changed = (node) => node.nodeType === 1 && node.matches(".prose, .outputs, span[id]");
  const watch = new MutationObserver((records) => {
    if (!records.some((record) => [...record.addedNodes].some(changed))) return;
    watch.disconnect();
    done(performance.now() - began);
  });
  watch.observe(document.querySelector(".lesson-page"), { subtree: true, childList: true });
  const began = performance.now();
  Number(field.value) < Number(field.max) ? field.stepUp() : field.stepDown();
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""
# The script of a page enables its controls.
ENABLED = "document.querySelector('input[type=range][data-control]:enabled') !== null"
BYTES = """performance.getEntriesByType("resource").filter((each) => /\\.(js|css)\\b|pictures\\//.test(each.name))
  .reduce((sum, each) => sum + each.decodedBodySize, 0)"""


def main() -> None:
    """Starts a server `--times` times and prints what was measured: median, and all of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--lessons", default="09 08 14")
    parser.add_argument("--pause", type=float, default=0, help="seconds from the start to the first request")
    arguments = parser.parse_args()
    measured: dict[str, list[float]] = {}
    for _ in range(arguments.times):
        for what, value in once(arguments.lessons.split(), arguments.pause):
            measured.setdefault(what, []).append(value)
    for what, values in measured.items():
        print(f"{what:34} {statistics.median(values):8.3f}   ({', '.join(f'{value:.3f}' for value in values)})")


def once(lessons: list[str], pause: float) -> list[tuple[str, float]]:
    """A start of the server and the browser, then the lessons one after the other."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.ExitStack() as ends:
        port, door = free_port("127.0.0.1", 0), free_port("127.0.0.1", 0)
        site = f"http://127.0.0.1:{port}"
        server = [sys.executable, "-c", SERVER, str(port)]
        started(
            ends,
            server,
            {name: each for name, each in os.environ.items() if name != "TORCHBOOK_WORKSPACE"}
            | {"TORCHBOOK_HOME": folder},
            folder,
        )
        until(lambda: answers(port))
        flags = [*FLAGS, f"--user-data-dir={folder}/browser", f"--remote-debugging-port={door}"]
        started(ends, [CHROMIUM, *flags, "about:blank"])
        until(lambda: answers(door))
        time.sleep(pause)
        with connect(until(lambda: page_of(door)), max_size=None) as page:
            return [row for lesson in lessons for row in visited(page, site, lesson)]


def visited(page: ClientConnection, site: str, lesson: str) -> list[tuple[str, float]]:
    """What a lesson's page takes."""
    rows = [(f"{lesson} text, first, s", fetched(f"{site}/lessons/{lesson}"))]
    rows.append((f"{lesson} text, again, s", fetched(f"{site}/lessons/{lesson}")))
    began = time.perf_counter()
    send(page, "Page.navigate", url=f"{site}/lessons/{lesson}")
    until(lambda: ask(page, f"location.pathname.startsWith('/lessons/{lesson}') && {ENABLED}"))
    send(page, "Runtime.evaluate", expression=MOVE, awaitPromise=True)
    rows.append((f"{lesson} a slider moved at once, s", time.perf_counter() - began))
    until(lambda: ask(page, "document.querySelector('[data-lesson]').dataset.settled === 'true'"))
    for _ in range(3):
        told = send(page, "Runtime.evaluate", expression=MOVE, awaitPromise=True, returnByValue=True)
        rows.append((f"{lesson} a slider moved again, ms", told["result"]["value"]))
    rows.append((f"{lesson} scripts and styles, kB", ask(page, BYTES) / 1000))
    return rows


def fetched(address: str) -> float:
    """Seconds until the last byte of a page."""
    began = time.perf_counter()
    with urlopen(address) as answer:
        answer.read()
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


def started(
    ends: contextlib.ExitStack, command: list[str], environment: dict[str, str] | None = None, folder: str | None = None
) -> None:
    """Starts a program in a folder that ends with the stack."""
    quiet = subprocess.DEVNULL
    program = subprocess.Popen(command, env=environment, cwd=folder, stdout=quiet, stderr=quiet)
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
