"""Text that was written for a terminal, for places that are none."""

import re

# Colours and cursor moves (CSI), titles and links (OSC), and the short escapes.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[@-Z\\^_=>78])")


def without_escapes(text: str) -> str:
    """Returns the text without the escape sequences that colour it in a terminal."""
    return _ESCAPES.sub("", text) if "\x1b" in text else text
