import shutil
import signal
import struct

import pytest

from torchbook.course.learner import progress, study

LOOP = "def ninefold(x):\n    while True:\n        pass\n"


@pytest.fixture
def watching(taught, terminal):
    """The screen with the exercise `ninefold`, and a function that saves one of its files as the answer."""
    nine = study.find_exercise(taught.exercises(), "ninefold")
    shown = terminal("check", "ninefold", "--watch", folder=taught.folder)
    shown.until("Return 9 x.")

    def save(what, exercise=nine):
        path = taught.answer(exercise)
        if what.endswith(".py"):
            shutil.copyfile(exercise.folder / what, path)
        else:
            path.write_text(what)

    shown.save, shown.nine, shown.own = save, nine, taught
    return shown


def test_from_the_first_look_to_the_pass(watching):
    watching.save("mistakes/added.py")
    assert "You added 9." in watching.until("honest tries, so far 1")
    watching.send("h")
    watching.until("Vague.")
    watching.send("s")
    watching.until("two more to go")
    watching.save("alternatives/turned.py")
    watching.until("✓ passed")
    watching.send("s")
    watching.until("+    return x * 9")
    watching.send("n")
    watching.until("Return 10 x.")
    watching.send("l")
    watching.until("▶")
    watching.send("k\r")
    watching.until("✓ passed")
    watching.send("q")
    assert watching.ended() == 0 and watching.restored
    watching.until("passed: ninefold")
    now = study.standing(watching.own, watching.nine)
    assert now.passed and now.tries == 2 and now.hints == 1


@pytest.mark.slow
def test_the_file_that_is_saved_is_the_one_that_is_shown(watching):
    ten = study.find_exercise(watching.own.exercises(), "tenfold")
    watching.save("mistakes/added.py", ten)
    assert "You added 10." in watching.until("honest tries")
    new = shutil.copyfile(ten.folder / "solution.py", watching.own.folder / "new")
    new.replace(watching.own.answer(ten))
    watching.until("✓ passed")
    watching.own.answer(ten).unlink()
    watching.save("mistakes/added.py")
    watching.until("You added 9.")


@pytest.mark.slow
def test_keys_work_while_a_loop_runs_and_nothing_is_left_when_it_is_left(watching):
    watching.save(LOOP)
    watching.until("checking")
    watching.send("h")
    watching.until("Vague.")
    watching.send("q")
    assert watching.ended() == 0 and watching.restored


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_the_terminal_as_it_was(watching, number):
    watching.process.send_signal(number)
    assert watching.ended() == 128 + number
    assert watching.restored


@pytest.mark.slow
def test_an_error_of_ours_leaves_the_terminal_as_it_was(watching):
    watching.own.database.unlink(missing_ok=True)
    for ending in ("-wal", "-shm"):
        watching.own.database.with_name(f"progress.db{ending}").unlink(missing_ok=True)
    watching.own.database.mkdir()
    watching.send("h")
    watching.until("progress.db cannot be used")
    watching.send("n")
    assert watching.ended() == 2 and watching.restored
    watching.until("progress.db cannot be used")


@pytest.mark.slow
def test_a_small_window_and_a_new_size(watching):
    import fcntl
    import termios

    for size in ((6, 30), (3, 10), (50, 140)):
        fcntl.ioctl(watching.inner, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        watching.process.send_signal(signal.SIGWINCH)
        watching.send("jkp")
        watching.until("Times 9")
    watching.send("q")
    assert watching.ended() == 0 and watching.restored


@pytest.mark.slow
def test_two_windows_share_the_progress(watching, terminal):
    second = terminal("check", "ninefold", "--watch", folder=watching.own.folder)
    second.until("Return 9 x.")
    watching.save("solution.py")
    watching.until("✓ passed")
    second.until("✓ passed")
    for one in (watching, second):
        one.send("q")
        assert one.ended() == 0
    events = progress.export(watching.own.database)["events"]
    assert [event["outcome"] for event in events if event["what"] == "attempt"] == ["passed", "passed"]
    assert study.standing(watching.own, watching.nine).tries == 1
