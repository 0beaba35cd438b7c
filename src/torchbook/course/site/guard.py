"""The door of the site: which requests are let in, by http and by websocket, and which headers go out.

A page of another site may send requests to a server on this machine. Two things give it away: the name it asks for
(Host, when its name was made to point here) and where it comes from (Origin).
"""

import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# Everything comes from this server. marimo and the pictures to touch bring scripts and styles inside the page.
_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "style-src 'self' 'unsafe-inline' data: blob:; connect-src 'self' ws://{host} wss://{host} data: blob:; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'; object-src 'none'"
)


class Guard:
    """Lets in what this machine's own browser sends to this site, and nothing else; the outermost application.

    `hosts` are the names under which the site may be asked for beside those of loopback; `*` is any, for a server that
    listens on all addresses. With a `token` every visit needs it: once in the address as `?token=`, then in a cookie.
    """

    def __init__(self, app: ASGIApp, *, port: int, hosts: tuple[str, ...] = (), token: str | None = None):
        self.app, self.token = app, token
        self.cookie, self.any_name = f"torchbook-{port}", "*" in hosts and token is not None
        named = {*LOOPBACK, *(in_address(host).lower() for host in hosts)}
        self.names = {f"{name}:{port}" for name in named} | (named if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 403 to a foreign request, before anything else sees it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(headers) or self._without_token(scope, headers)
        if refusal is not None:
            await _refused(refusal, scope, receive, send)
            return
        host = headers["host"]

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                _secured(MutableHeaders(scope=message), host)
            await send(message)

        await self.app(scope, receive, sent)

    def _refusal(self, headers: Headers) -> Response | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not (self.any_name or hosts[0].lower() in self.names):
            return PlainTextResponse("this server answers only to its own address", status_code=403)
        foreign = [origin for origin in origins if urlsplit(origin).netloc.lower() != hosts[0].lower()]
        if foreign:
            return PlainTextResponse("a page of another site may not use this server", status_code=403)
        return None

    def _without_token(self, scope: Scope, headers: Headers) -> Response | None:
        if self.token is None:
            return None
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token")
        if given is not None and _same(given, self.token) and scope["type"] == "http":
            # The token leaves the address at once, so that it is not copied with it.
            rest = [pair for pair in parse_qsl(scope["query_string"].decode("latin-1")) if pair[0] != "token"]
            # Two slashes at the beginning would lead to another site.
            path = "/" + scope["path"].lstrip("/\\")
            answer = RedirectResponse(path + (f"?{urlencode(rest)}" if rest else ""), status_code=303)
            # "lax", so that the address works as a link in a mail or a chat, too: with "strict" the browser would not
            # send the cookie along after a click in a page of another site. It never sends it with what such a page
            # loads or posts, and the origin of that is refused anyway.
            answer.set_cookie(self.cookie, _fingerprint(self.token), httponly=True, samesite="lax", path="/")
            return answer
        if _same(cookie_parser(headers.get("cookie", "")).get(self.cookie, ""), _fingerprint(self.token)):
            return None
        said = "this site needs its token: open the address that torchbook learn printed"
        return PlainTextResponse(said, status_code=403)


def in_address(host: str) -> str:
    """A host as it stands in an address: one of IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _fingerprint(token: str) -> str:
    """A token as a cookie can hold it, whatever its letters."""
    return hashlib.sha256(token.encode()).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _secured(headers: MutableHeaders, host: str) -> None:
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        del headers[name]
    headers.setdefault("Content-Security-Policy", _POLICY.format(host=host))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "SAMEORIGIN"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


async def _refused(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """A response, and for a websocket the same before it is opened."""
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await refusal(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 1008})
