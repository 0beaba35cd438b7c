"""What the command `learn` does and refuses."""

import subprocess
import sys
from pathlib import Path

import pytest

from torchbook.course.site.command import learn
from torchbook.errors import TorchbookError


@pytest.mark.parametrize("token", ["a", "12345678901", ""])
def test_a_token_that_is_soon_guessed_is_refused(token):
    with pytest.raises(TorchbookError, match=r"--token"):
        learn(host="0.0.0.0", token=token)


def test_other_machines_need_a_token():
    with pytest.raises(TorchbookError, match="--token"):
        learn(host="0.0.0.0")


def test_a_taken_port_is_said_or_gone_around():
    import socket

    from torchbook.listen import PORT, free_port

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(TorchbookError, match="is taken"):
            free_port("127.0.0.1", taken.getsockname()[1])
    for impossible in (99999, -1):
        with pytest.raises(TorchbookError, match=f"port {impossible} is taken or not allowed"):
            free_port("127.0.0.1", impossible)
    assert free_port("127.0.0.1", None) >= PORT
    for host in ("no-such-name.invalid", "192.0.2.1"):  # a name and an address that nobody has
        with pytest.raises(TorchbookError, match=f"{host} is not an address of this machine"):
            free_port(host, None)


@pytest.mark.slow
def test_learn_starts_and_ends_cleanly(tmp_path, own_home):
    import signal
    import urllib.request

    source = "import sys; from torchbook.cli import main; sys.exit(main(sys.argv[1:]))"
    server = subprocess.Popen(
        [sys.executable, "-c", source, "learn", "--no-browser"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    said = [server.stderr.readline() for _ in range(3)]
    assert "workspace" in said[0] and "(new)" in said[0] and Path(own_home / "workspace").is_dir()
    address = said[1].split()[-1]
    while True:
        try:
            assert urllib.request.urlopen(address, timeout=5).status == 200
            break
        except OSError:
            assert server.poll() is None
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=30) == 0
    assert "Traceback" not in server.stderr.read()
    server.stderr.close()
