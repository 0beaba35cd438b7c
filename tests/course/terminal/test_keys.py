import os
import sys
from pathlib import Path

import pytest

from torchbook.course.terminal.keys import keys, parse_keys
from torchbook.errors import TorchbookError


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("q", ["q"]),
        ("hn", ["h", "n"]),
        ("\x1b[A", ["up"]),
        ("\x1bOB", ["down"]),
        ("j\x1b[5~k\x1b[6~", ["j", "pageup", "k", "pagedown"]),
        ("\r\n", ["enter", "enter"]),
        ("\x1b", ["escape"]),
        ("\x04", ["end"]),
        ("\x1b[1;5C", []),
        ("é", ["é"]),
        ("", []),
    ],
)
def test_what_a_terminal_sends_has_names(typed, expected):
    assert parse_keys(typed) == expected


def test_without_a_terminal_the_message_says_what_to_do_instead(monkeypatch):
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        with pytest.raises(TorchbookError, match=r"torchbook check"), keys():
            pass
