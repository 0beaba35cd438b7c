"""The bars of waiting and computing: they say what was measured, and are measured when the reader asks."""

from torchbook.course.pictures.timings import Timings


def test_it_measures_when_it_is_asked_and_says_what_was_measured():
    timings = Timings(lambda: [("from files", 123.4, 5.0)])
    assert timings.answers and timings.bars == []
    assert timings.alternative == "Nothing has been measured on this machine yet." in timings.still()
    timings._handle_custom_msg({"measure": True}, [])
    timings.measuring.join()
    assert timings.bars == [["from files", 123.4, 5.0]]
    assert timings.alternative == "from files: 123 µs of waiting, 5 of computing."
