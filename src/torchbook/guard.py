"""The guard of a site on this machine: refuses foreign requests, by HTTP and by websocket, and adds security headers.

A page of another site may send requests to a server on this machine. Two headers give it away: the host it asks for
(Host, when its name was made to point here) and the site it comes from (Origin).
"""

import asyncio
import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Seconds that each wrong token costs: a word of a dictionary is not found by trying.
PAUSE = 0.5
# No page sends more in one request or message: a block of code three times over, escaped.
LARGEST_BODY = 4 << 20
# Everything comes from this server. The card of a data set brings its style inside the page; pages of lessons say
# themselves that nothing may.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' ws://{host} wss://{host}; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'; object-src 'none'"
)


class Guard:
    """The outermost application: lets in only what this machine's own browser sends to this site.

    `hosts` are host names under which the site answers, besides those of loopback; `*` is any, for a server that
    listens on all addresses. With a `token` every visit needs it: once in the address as `?token=`, then in a cookie;
    a program sends it each time, as `Authorization: Bearer TOKEN`. A request has at most `largest` bytes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int,
        hosts: tuple[str, ...] = (),
        token: str | None = None,
        largest: int = LARGEST_BODY,
    ):
        self.app, self.token, self.largest, self._wrong = app, token, largest, asyncio.Lock()
        self.cookie, self.any_name = f"torchbook-{port}", "*" in hosts and token is not None
        hostnames = {in_address(host).lower() for host in (*LOOPBACK, *hosts)}
        self.names = {f"{name}:{port}" for name in hostnames} | (hostnames if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 403 to a foreign request, before anything else sees it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(headers) or await self._token_response(scope, headers)
        if refusal is not None:
            await _send_refusal(refusal, scope, receive, send)
            return
        host, received = headers["host"], 0

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b"")) if message["type"] == "http.request" else 0
            if received > self.largest:
                raise HTTPException(413, f"a request has at most {self.largest:,} bytes")
            return message

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_security_headers(MutableHeaders(scope=message), host)
            await send(message)

        await self.app(scope, receive_bounded, send_secured)

    def _refusal(self, headers: Headers) -> Response | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not (self.any_name or hosts[0].lower() in self.names):
            return PlainTextResponse("this server answers only to its own address", status_code=403)
        foreign = [origin for origin in origins if urlsplit(origin).netloc.lower() != hosts[0].lower()]
        if foreign:
            return PlainTextResponse("a page of another site may not use this server", status_code=403)
        return None

    async def _token_response(self, scope: Scope, headers: Headers) -> Response | None:
        if self.token is None:
            return None
        sent_token = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token")
        if sent_token is not None and _equal(sent_token, self.token) and scope["type"] == "http":
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
        if _equal(cookie_parser(headers.get("cookie", "")).get(self.cookie, ""), _fingerprint(self.token)):
            return None
        kind, _, borne = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            if _equal(borne.strip(), self.token):
                return None
            sent_token = borne
        if sent_token is not None:
            async with self._wrong:  # one after the other, however many are sent
                await asyncio.sleep(PAUSE)
        message = "this site needs its token: open the address that torchbook printed"
        return PlainTextResponse(message, status_code=403)


def in_address(host: str) -> str:
    """Returns a host as it is written in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _fingerprint(token: str) -> str:
    """Returns a digest of the token, which a cookie can hold whatever the token's letters."""
    return hashlib.sha256(token.encode()).hexdigest()


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _add_security_headers(headers: MutableHeaders, host: str) -> None:
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        del headers[name]
    headers.setdefault("Content-Security-Policy", _POLICY.format(host=host))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "SAMEORIGIN"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


async def _send_refusal(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Sends the refusal as a response; refuses a websocket before it is opened."""
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await refusal(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 1008})
