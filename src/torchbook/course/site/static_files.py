"""Static files that browsers may cache for good, because their addresses carry a digest; served from memory."""

import mimetypes
from pathlib import Path

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

_FOREVER = "public, max-age=31536000, immutable"
# The system's table of media types may be wrong; browsers refuse a module that is not served as JavaScript.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class CachedFiles:
    """A folder of files whose content never changes under one address. Links are followed: some installers link
    packages into place instead of copying them."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._known = {file.relative_to(directory).as_posix(): file for file in directory.rglob("*") if file.is_file()}
        self._answers: dict[str, Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves the file, to be cached for good; only files that were there at the start are known."""
        name = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or name not in self._known:
            await PlainTextResponse("no such file", status_code=404)(scope, receive, send)
            return
        if name not in self._answers:
            file = self._known[name]
            media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            headers = {"Cache-Control": _FOREVER}
            self._answers[name] = Response(file.read_bytes(), media_type=media_type, headers=headers)
        await self._answers[name](scope, receive, send)
