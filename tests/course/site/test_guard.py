"""Who is let in: this machine's own browser on this site's own pages."""

import re
from concurrent.futures import CancelledError
from urllib.parse import urlsplit

import pytest
from starlette.websockets import WebSocketDisconnect

from torchbook.guard import PAUSE
from torchbook.listen import address_of

SOCKETS = ("/presence", "/lessons/08-gradient-descent/cards")


def status_of_socket(client, address, host="127.0.0.1:8008", **headers):
    """The status with which a websocket is refused, or None if it is let in."""
    let_in = False
    try:
        with client.websocket_connect(address, headers={"host": host, **headers}):
            let_in = True
    except WebSocketDisconnect as refused:
        return getattr(refused, "status_code", 403)
    except CancelledError:  # it was closed while the endpoint was still reading
        assert let_in
    return None


@pytest.mark.parametrize("host", ["127.0.0.1:8008", "localhost:8008", "[::1]:8008", "LOCALHOST:8008"])
def test_the_names_of_this_machine_are_let_in(looked_at, host):
    assert looked_at.get("/glossary", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8008", "127.0.0.1", "127.0.0.1:8009", "localhost", "127.0.0.1:8008.evil", ""]
)
def test_a_foreign_host_is_refused(looked_at, host):
    """A name that was made to point here: the page that asks is not ours."""
    for address in ("/", "/static/site.css", "/lessons/08-gradient-descent/"):
        assert looked_at.get(address, headers={"host": host}).status_code == 403
    for address in SOCKETS:
        assert status_of_socket(looked_at, address, host=host) is not None


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:9999", "null", "http://127.0.0.1", "file://"]
)
def test_a_foreign_origin_is_refused(looked_at, origin):
    assert looked_at.get("/", headers={"origin": origin}).status_code == 403
    assert looked_at.post("/lessons/08-gradient-descent/", headers={"origin": origin}).status_code == 403
    for address in SOCKETS:
        assert status_of_socket(looked_at, address, origin=origin) is not None


def test_our_own_origin_is_let_in(looked_at):
    own = "http://127.0.0.1:8008"
    assert looked_at.get("/", headers={"origin": own}).status_code == 200
    for address in SOCKETS:
        assert status_of_socket(looked_at, address, origin=own) is None


def test_headers_close_the_pages(looked_at):
    for address in ("/", "/lessons/08-gradient-descent/", "/nowhere", "/static/site.css"):
        headers = looked_at.get(address, headers={"origin": "http://127.0.0.1:8008"}).headers
        assert not [name for name in headers if name.startswith("access-control-")]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy or "default-src 'none'" in policy
        assert "*" not in policy and "https:" not in policy and "unsafe-eval" not in policy
        assert "script-src" not in policy or "script-src 'self';" in policy


def test_a_token_is_needed_once(built, visit):
    with visit(built(token="secret word", hosts=("192.168.0.7",)), "http://192.168.0.7:8008") as client:
        assert client.get("/").status_code == 403
        assert client.get("/?token=wrong").status_code == 403
        assert status_of_socket(client, "/presence", host="192.168.0.7:8008") is not None
        led = client.get("/search", params={"token": "secret word", "q": "loss"}, follow_redirects=False)
        assert (led.status_code, led.headers["location"]) == (303, "/search?q=loss")
        # A path that begins like the name of another site leads nowhere else.
        away = client.get("http://192.168.0.7:8008//evil.example/?token=secret word", follow_redirects=False)
        assert away.headers["location"] == "/evil.example/"
        cookie = led.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "secret" not in cookie
        assert client.get("/").status_code == 200
        kept = led.headers["set-cookie"].partition(";")[0]
        assert status_of_socket(client, "/presence", host="192.168.0.7:8008", cookie=kept) is None
        client.cookies.clear()
        client.cookies.set("torchbook-8008", "wrong")
        assert client.get("/").status_code == 403


def test_guesses_come_one_after_the_other_and_who_is_in_does_not_wait(built, visit, monkeypatch):
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)

    monkeypatch.setattr("torchbook.guard.asyncio.sleep", pause)
    with visit(built(token="a secret word")) as client:
        assert [client.get("/glossary?token=wrong").status_code for _ in range(3)] == [403] * 3
        assert pauses == [PAUSE] * 3 and PAUSE >= 0.5
        assert client.get("/glossary?token=a secret word").status_code == 200
        assert client.get("/glossary").status_code == 200 and client.get("/glossary?token=wrong").status_code == 200
        assert len(pauses) == 3


@pytest.mark.parametrize("token", ["a+b&c=d", "50% ", "schlüssel", "ключ", "a#b/?"])
def test_the_printed_address_opens_the_site_whatever_the_token(built, visit, token):
    address = address_of("127.0.0.1", 8008, token)
    assert re.fullmatch(r"http://127\.0\.0\.1:8008/\?token=[\w.%~-]+", address, re.ASCII)
    with visit(built(token=token)) as client:
        assert client.get(address).status_code == 200
        assert client.get("/glossary").status_code == 200


@pytest.mark.parametrize(
    ("host", "address"),
    [("fd00::5", "http://[fd00::5]:8008/"), ("::", "http://[::1]:8008/"), ("Classroom", "http://Classroom:8008/")],
)
def test_the_printed_address_is_let_in(built, visit, host, address):
    assert address_of(host, 8008, None) == address
    with visit(built(hosts=(host,)), address) as client:
        assert client.get("/glossary", headers={"host": urlsplit(address).netloc}).status_code == 200


def test_cookies_of_other_programs_on_this_machine_are_in_nobodys_way(built, visit):
    with visit(built(token="secret")) as client:
        given = client.get("/?token=secret", follow_redirects=False).headers["set-cookie"].partition(";")[0]
        client.cookies.clear()
        for cookie in (f'prefs={{"a": 1}}; {given}', f"odd name=1; {given}", f"a=b c; {given}; x"):
            assert client.get("/", headers={"cookie": cookie}).status_code == 200


def test_whoever_has_the_cookie_changes_nothing_from_another_origin(built, visit):
    """The browser sends it along when a link in another page is followed, and nothing is changed by a GET."""
    with visit(built(token="secret")) as client:
        assert client.get("/?token=secret").status_code == 200
        kept = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        for origin in ("http://evil.example", "http://127.0.0.1:9999", "null"):
            assert client.post("/lessons/08-gradient-descent/", headers={"origin": origin}).status_code == 403
            for address in SOCKETS:
                assert status_of_socket(client, address, origin=origin, cookie=kept) is not None
        for address in SOCKETS:
            assert status_of_socket(client, address, origin="http://127.0.0.1:8008", cookie=kept) is None


def test_with_a_token_any_name_may_reach_a_server_for_all(built, visit):
    with visit(built(token="secret", hosts=("*",)), "http://classroom:8008") as client:
        assert client.get("/").status_code == 403
        assert client.get("/?token=secret").status_code == 200
        assert client.get("/", headers={"origin": "http://evil.example"}).status_code == 403
