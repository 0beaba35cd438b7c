"""Two small exercises of our own, a workspace that has only these, and a terminal to try it in."""

import contextlib
import os
import random
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from waiting import until

from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import workspace


def _exercise(root: Path, lesson: str, name: str, *, number: int = 1, factor: int = 2) -> Path:
    """An exercise folder: multiply a tensor by `factor`; the mistake `added` adds instead."""
    folder = root / lesson / name
    (folder / "mistakes").mkdir(parents=True)
    (folder / "alternatives").mkdir()
    (folder / "prompt.md").write_text(f"# Times {factor}\n*Exercise {number}, 3 minutes*\n\nReturn ${factor} x$.\n")
    (folder / "starter.py").write_text(f"def {name}(x):\n    raise NotImplementedError\n")
    (folder / "solution.py").write_text(f"def {name}(x):\n    return x * {factor}\n")
    (folder / "mistakes" / "added.py").write_text(f"def {name}(x):\n    return x + {factor}\n")
    (folder / "mistakes.toml").write_text(
        f'[[mistake]]\nname = "added"\nhint = "You added *{factor}*."\nfile = "mistakes/added.py"\n'
    )
    (folder / "alternatives" / "turned.py").write_text(f"def {name}(x):\n    return {factor} * x\n")
    (folder / "hints.md").write_text("Vague.\n---\nConcrete.\n")
    (folder / "checks.py").write_text(
        textwrap.dedent(f"""
        from torchbook.course.grading.cases import case

        @case("random numbers", repeat=3)
        def values(answer, draw):
            return answer.{name}(draw.normal("size"))
        """)
    )
    return folder


@pytest.fixture
def write_exercise():
    """The function that writes an exercise folder."""
    return _exercise


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder with the exercises `double` (lesson 01) and `triple` (lesson 02), instead of the packaged ones."""
    root = tmp_path / "course"
    _exercise(root, "01_tensors", "double")
    _exercise(root, "02_operations", "triple", factor=3)
    monkeypatch.setattr(workspace, "PACKAGED", root)
    return root


@pytest.fixture
def own(course, tmp_path, monkeypatch):
    """A workspace with these two, and the current folder in it."""
    made, _ = workspace.make(tmp_path / "own")
    monkeypatch.chdir(made.folder)
    monkeypatch.delenv("TORCHBOOK_WORKSPACE", raising=False)
    return made


@pytest.fixture
def double(course):
    return exercises(course)[0]


@pytest.fixture
def triple(course):
    return exercises(course)[1]


@pytest.fixture
def answer(own):
    """Writes one of an exercise's own files, or text, as the learner's answer."""

    def write(exercise, what):
        path = own.answer(exercise)
        file = exercise.folder / what
        if what.endswith(".py"):
            shutil.copyfile(file, path)
        else:
            path.write_text(what)
        return path

    return write


class PseudoTerminal:
    """A torchbook command on a terminal of its own; `until` waits for a text, `send` types."""

    def __init__(self, *words, folder, size=(40, 100)):
        import fcntl
        import pty
        import termios

        self.outer, self.inner = pty.openpty()
        fcntl.ioctl(self.inner, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self.before = termios.tcgetattr(self.inner)
        source = "import sys; from torchbook.cli import main; sys.exit(main(sys.argv[1:]))"
        self.process = subprocess.Popen(
            [sys.executable, "-c", source, *words],
            stdin=self.inner,
            stdout=self.inner,
            stderr=self.inner,
            cwd=folder,
            env=os.environ | {"TERM": "xterm-256color"},
            start_new_session=True,
        )
        self.raw = ""
        self.read_up_to = 0

    def until(self, text, *, seconds=200):
        """Waits until the text was shown after what was awaited before; gives what was shown in between."""
        end = time.monotonic() + seconds
        while True:
            shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw[self.read_up_to :])
            if text in shown:
                self.read_up_to = len(self.raw)
                return shown
            assert time.monotonic() < end, f"{text!r} was not shown, but {shown!r}"
            if select.select([self.outer], [], [], 0.1)[0]:
                self.raw += os.read(self.outer, 65536).decode(errors="replace")

    def send(self, typed):
        os.write(self.outer, typed.encode())

    def interrupted(self):
        """Presses Ctrl-C, and again if nothing happens: Python's `input()` misses one just before it begins to wait."""
        self.process.send_signal(signal.SIGINT)
        with contextlib.suppress(AssertionError):
            return self.ended(seconds=20)
        self.process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self, *, seconds=200):
        """Waits for the end; gives the status."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, "it does not end"
            if select.select([self.outer], [], [], 0.1)[0]:
                self.raw += os.read(self.outer, 65536).decode(errors="replace")
        while select.select([self.outer], [], [], 0.1)[0]:
            self.raw += os.read(self.outer, 65536).decode(errors="replace")
        return self.process.returncode

    @property
    def restored(self):
        """Whether the terminal is as it was: its settings, the screen and the cursor."""
        import termios

        shown = self.raw.rfind("\x1b[?1049l") >= self.raw.rfind("\x1b[?1049h")
        cursor = self.raw.rfind("\x1b[?25h") >= self.raw.rfind("\x1b[?25l")
        return termios.tcgetattr(self.inner) == self.before and shown and cursor

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.outer)
        os.close(self.inner)


@pytest.fixture
def terminal():
    """Starts a torchbook command on a terminal of its own."""
    pytest.importorskip("termios", reason="pseudo-terminals are not known here")
    started = []

    def start(*words, folder):
        started.append(PseudoTerminal(*words, folder=folder))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def taught(tmp_path, write_exercise, monkeypatch):
    """A workspace with the packaged exercises and, in lesson 90, `ninefold`, `tenfold` and a quiz."""
    extra = tmp_path / "extra"
    write_exercise(extra, "90_own", "ninefold", factor=9)
    write_exercise(extra, "90_own", "tenfold", number=2, factor=10)
    (extra / "quizzes").mkdir()
    (extra / "quizzes" / "90_own.toml").write_text(QUIZ)
    made, _ = workspace.make(tmp_path / "taught", added=extra)
    monkeypatch.chdir(made.folder)
    return made


QUIZ = """
title = "Own"
[[question]]
id = "sum"
kind = "number"
ask = "How much is $1 + 1$?"
answer = 2
proof = "1 + 1"
why = "One and one."
[[question.mistakes]]
answer = 11
why = "That is how text is added."
[[question]]
id = "prints"
kind = "predict"
ask = "What does it print?"
code = "print(2 * 3)\\nraise ValueError('no')"
answer = "6\\nValueError"
why = "Both."
[[question]]
id = "which"
kind = "choice"
ask = "Which is even?"
[[question.options]]
text = "two"
right = true
why = "Two is."
[[question.options]]
text = "three"
why = "Three is odd."
"""


def free_port(wanted):
    """Returns this port if nothing listens there, else a free one. A browser keeps compiled scripts by address.

    It is below those that systems give to connections: one of them might take it before the server does, or while that
    starts anew.
    """
    for port in (wanted, *random.Random(os.getpid()).sample(range(15_000, 30_000), 100)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


class Site:
    """The course's server in a process of its own, with a workspace of its own."""

    usual = 15_000 + os.getpid() % 15_000  # of each process that tests another one

    def __init__(self, folder, lessons, home, token=None):
        self.workspace, _ = workspace.make(folder)
        self.lessons, self.home, self.token = lessons, home, token
        Site.usual = self.port = free_port(Site.usual)
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        """Starts the server and waits until it answers."""
        source = (
            "import sys; from pathlib import Path; from torchbook.course.learner.workspace import Workspace;"
            "from torchbook.course.site.command import serve; folder, port, lessons, token = sys.argv[1:];"
            "serve(Workspace(Path(folder)), port=int(port), token=token or None,"
            " **({'lessons': Path(lessons)} if lessons else {}))"
        )
        words = [str(self.workspace.folder), str(self.port), str(self.lessons or ""), self.token or ""]
        self.process = subprocess.Popen(
            [sys.executable, "-c", source, *words],
            cwd=self.workspace.folder,
            env=os.environ | {"TORCHBOOK_WORKSPACE": str(self.workspace.folder), "TORCHBOOK_HOME": str(self.home)},
        )
        until(self._answers, 120)
        return self

    def _answers(self):
        assert self.process.poll() is None, "the server has ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True

    def kill(self):
        """Ends the server as a power cut would."""
        self.process.kill()
        self.process.wait()

    def restart(self):
        """Kills the server and starts another one at the same address."""
        self.kill()
        return self.start()


@pytest.fixture
def serve(tmp_path, own_home):
    """Starts a server: `serve(lessons=folder)` has the lessons of that folder too."""
    started = []

    def start(*, lessons=None, folder=None, token=None):
        started.append(Site(folder or tmp_path / "workspace", lessons, own_home, token))
        return started[-1].start()

    yield start
    for one in started:
        one.kill()


@pytest.fixture(scope="module")
def serve_once(tmp_path_factory, measured_machine):
    """As `serve`, one server for all tests of a module.

    It is for tests that do not disturb each other: they look at pages, or each answers another exercise.
    """
    started = []

    def start(*, lessons=None):
        folder = tmp_path_factory.mktemp("served")
        started.append(Site(folder / "workspace", lessons, shutil.copytree(measured_machine, folder / "home")))
        return started[-1].start()

    yield start
    for one in started:
        one.kill()


def write_document(file, text):
    """Writes a document and its stored state."""
    from torchbook.course.authoring.freeze import fresh_state
    from torchbook.course.runtime.snapshot import text_of
    from torchbook.course.texts.document import read_document

    file.write_text(text)
    file.with_suffix(".json").write_text(text_of(fresh_state(read_document(file))))


@pytest.fixture(scope="module")
def documents_once(tmp_path_factory, serve_once):
    """Starts a server with documents for all tests of a module: `documents_once({"90_name.md": text})`."""

    def start(texts):
        lessons = tmp_path_factory.mktemp("lessons")
        for name, text in texts.items():
            write_document(lessons / name, text)
        return serve_once(lessons=lessons)

    return start


@pytest.fixture(scope="module")
def served_once(documents_once, serve_once, request):
    """One server for a module, with its `LESSON` as lesson 90 or, where it has none, the packaged ones."""
    if not hasattr(request.module, "LESSON"):
        return serve_once()
    return documents_once({"90_pictures.md": request.module.LESSON})


@pytest.fixture
def site(serve):
    """A running server with the packaged lessons: `site.url`, `site.workspace`, `site.restart()`, `site.kill()`."""
    return serve()


CHROMIUM = os.environ.get("TORCHBOOK_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def playwright():
    """Playwright. Where there is no Chromium a test is skipped, except where `CI` is set: there it fails."""
    if not Path(CHROMIUM).exists():
        missing = f"{CHROMIUM} is not there: install chromium, or let TORCHBOOK_CHROMIUM name it"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)  # how long a busy machine may take; nothing is measured here
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright):
    """Chromium for tests that need a context of their own: `browser.new_context(...)`."""
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
    yield started
    started.close()


@pytest.fixture(scope="session")
def profile(playwright, tmp_path_factory):
    """Chromium with a profile on the disk, which keeps the compiled scripts of a page: a visit costs a third less."""
    folder = tmp_path_factory.mktemp("profile")
    started = playwright.chromium.launch_persistent_context(folder, executable_path=CHROMIUM, args=FLAGS.split())
    yield started
    started.close()


@pytest.fixture
def page(profile):
    """A page. The test fails at its end if something was wrong in it: an error on the console or in a script, a request
    to another host. `page.troubles` are these so far; a test that provokes some empties it."""
    opened = profile.new_page()
    opened.set_default_timeout(60_000)
    opened.troubles = []
    origins = set()
    visited = [opened]

    def follow(other):
        visited.append(other)
        _watch(other, opened.troubles, origins)

    _watch(opened, opened.troubles, origins)
    profile.on("page", follow)
    yield opened
    profile.remove_listener("page", follow)
    until(lambda: _left(opened))
    session = profile.new_cdp_session(opened)
    for origin in origins:  # what a test has stored is not there for the next
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb"})
    profile.clear_cookies()
    profile.clear_permissions()
    for other in visited:
        other.close()
    assert not opened.troubles, "\n".join(opened.troubles)


def _left(page):
    """Leaves the site; False if the page was just loading itself anew, as one does that waits for its server."""
    from playwright.sync_api import Error

    with contextlib.suppress(Error):
        page.goto("about:blank")
    return page.url == "about:blank"


def _watch(page, troubles, origins):
    """Notes what goes wrong in a page, and which sites it visits."""
    page.on("console", lambda line: line.type == "error" and troubles.append(f"console: {line.text} {line.location}"))
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("request", lambda sent: _foreign(sent.url) and troubles.append(f"request to another host: {sent.url}"))
    page.on("framenavigated", lambda frame: origins.update(re.findall(r"^https?://[^/]+", frame.url)))


def _foreign(url):
    return not re.match(r"(data|blob|about):|(http|ws)://(127\.0\.0\.1|localhost)[:/]", url)


# What fades is not judged before it has faded; cards and pictures have trees of their own.
STILL = """() => {
  const moving = (tree) => tree.getAnimations().some((one) => one.playState === "running") ||
    [...tree.querySelectorAll("*")].some((one) => one.shadowRoot && moving(one.shadowRoot));
  return !moving(document);
}"""


@pytest.fixture
def barriers():
    """What keeps people out of a page, as axe finds it: `barriers(page)` are its serious findings, of all rules or of
    some: `barriers(page, only=["color-contrast"])`."""
    file = os.environ.get("TORCHBOOK_AXE")
    if not file:
        pytest.skip("TORCHBOOK_AXE names no axe.min.js (it is in the npm package axe-core)")
    script = Path(file).read_text(encoding="utf-8")

    def findings(page, *, only=()):
        until(lambda: page.evaluate(STILL))
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        options = {"resultTypes": ["violations"]} | ({"runOnly": only} if only else {})
        result = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{page.url}: {violation['id']}: {violation['help']}: {node['target']} {node['html'][:160]}"
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"][:4]
        ]

    return findings
