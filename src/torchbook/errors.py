"""The one kind of error that is meant for a person."""


class TorchbookError(ValueError):
    """Something a person can put right: the message names the thing, its value, what was expected and what to do.

    The command line prints the message as one line and ends with status 2; `--debug` shows the traceback.
    """
