import pytest

from torchbook.course.workers.terminal_text import without_escapes


@pytest.mark.parametrize(
    "text, plain",
    [
        ("no escapes [1m", "no escapes [1m"),
        ("\x1b[1mbold\x1b[0m and \x1b[38;5;196mred\x1b[39m", "bold and red"),
        ("up\x1b[2A\x1b[K, title\x1b]0;name\x07, \x1b]8;;https://a.b\x1b\\link", "up, title, link"),
        ("\x1b(Bplain\x1b7", "plain"),
    ],
)
def test_escape_sequences_are_left_out_and_nothing_else(text, plain):
    assert without_escapes(text) == plain
