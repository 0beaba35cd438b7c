"""What a cell prints is what a terminal would show, and never too much."""

import contextlib

import pytest

from torchbook.course.runtime.printed import LONGEST, Printed


@pytest.mark.parametrize(
    "pieces, text",
    [
        (["a\nb"], "a\nb"),
        (["a", "\n", "b", "\n"], "a\nb\n"),
        (["10 %", "\r", "100 %", "\n", "done"], "100 %\ndone"),
        (["\r1 of 2", "\r2 of 2\n"], "2 of 2\n"),
        (["abc\rX"], "Xbc"),
        (["a\r\nb"], "a\nb"),
    ],
)
def test_a_carriage_return_begins_the_line_again(pieces, text):
    stream = Printed()
    with contextlib.redirect_stdout(stream):
        for piece in pieces:
            print(piece, end="")
    assert stream.text == text


@pytest.mark.parametrize("length", [1, LONGEST // 2 - 1])
def test_what_fits_is_there_as_it_was(length):
    stream = Printed()
    stream.write("x" * length + "\n" + "y" * (LONGEST // 2 - 1) + "\n")
    assert stream.text.count("x") == length and stream.text.endswith("y\n") and "left out" not in stream.text


@pytest.mark.parametrize("lines", [["word"] * 5_000, ["long " * 30_000] * 2])
def test_a_long_text_keeps_its_beginning_and_its_end(lines):
    stream = Printed()
    for place, line in enumerate(lines):
        stream.write(f"{place} {line}\n")
    stream.write("the end")
    whole = "".join(f"{place} {line}\n" for place, line in enumerate(lines)) + "the end"
    beginning, middle, end = stream.text.partition("… ")
    left_out, _, end = end.partition(" characters are left out …\n")
    assert whole.startswith(beginning) and whole.endswith(end) and middle
    assert len(beginning) + len(end) + int(left_out.replace(",", "")) == len(whole)
    assert len(stream.text) < LONGEST + 100


def test_a_progress_bar_that_moves_for_long_is_one_line():
    stream = Printed()
    for step in range(10_000):
        stream.write(f"\rstep {step}")
    assert stream.text == "step 9999"
