"""Where things live on this machine: downloads, packed data, measured choices and runs."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """The folder for all that torchbook keeps: `TORCHBOOK_HOME`, or the platform's own folder for program data."""
    value = os.environ.get("TORCHBOOK_HOME")
    return (
        Path(value).expanduser().absolute() if value else Path(platformdirs.user_data_dir("torchbook", appauthor=False))
    )


def own_files() -> Path | None:
    """The folder of files that the person already has (`TORCHBOOK_DATA`), searched before anything is downloaded."""
    value = os.environ.get("TORCHBOOK_DATA")
    return Path(value).expanduser() if value else None
