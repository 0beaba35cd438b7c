"""How long a reader waits: the first lesson after a start, the next one, and the same again, in Chromium.

python benchmarks/pages.py [--times 3] [--looks 3] [--reads 10]

A lesson counts as there when its first output is on the page. A reader looks at the road for `--looks` seconds before
choosing and reads for `--reads` seconds before going on.
"""

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("TORCHBOOK_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SERVER = """
import sys
from pathlib import Path
from torchbook.course import workspace
from torchbook.course.site.command import serve
serve(workspace.make(Path(sys.argv[1]))[0], port=int(sys.argv[2]))
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
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        began = time.perf_counter()
        home = os.environ | {"TORCHBOOK_HOME": folder}
        words = [sys.executable, "-c", SERVER, str(Path(folder) / "workspace"), str(port)]
        server = subprocess.Popen(words, env=home)
        try:
            while not answers(port):
                time.sleep(0.02)
            told = {"server answers": time.perf_counter() - began}
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                page = browser.new_page()
                page.goto(f"http://127.0.0.1:{port}/")
                time.sleep(looks)
                for place, lesson in enumerate([*lessons, lessons[0]]):
                    name = f"lesson {lesson}{', first' if not place else ', again' if place == len(lessons) else ''}"
                    told[name] = opened(page, f"http://127.0.0.1:{port}/lessons/{lesson}")
                    time.sleep(reads)
                browser.close()
        finally:
            server.kill()
            server.wait()
        return told


def opened(page: Page, address: str) -> float:
    """Seconds until a lesson can be used."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(".lesson.is-there").wait_for()
    return time.perf_counter() - began


def answers(port: int) -> bool:
    """Whether the server is there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


if __name__ == "__main__":
    main()
