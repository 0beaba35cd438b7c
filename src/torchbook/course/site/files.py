"""Files that browsers may keep: our own, whose addresses carry a digest, and marimo's, whose names do."""

from collections.abc import MutableMapping
from os import PathLike, stat_result
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

_FOREVER = "public, max-age=31536000, immutable"


class Kept(StaticFiles):
    """A folder of files whose content never changes under one address. Links are followed: some installers link
    packages into place instead of copying them."""

    def __init__(self, directory: str | PathLike[str]):
        super().__init__(directory=directory, follow_symlink=True)

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: MutableMapping[str, Any],
        status_code: int = 200,
    ) -> Response:
        """The file, to be kept for good."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = _FOREVER
        return response
