"""The proxy lets a command speak with hosts that were agreed to, at public addresses, over HTTPS; with nobody else."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.sandbox import proxy
from specwright.sandbox.proxy import Proxy, is_public
from specwright.sandbox.relay import Line

PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
CLOSED = (
    "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::1",
    "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "", "localhost", "1.2.3", "0x7f.1", "127.1",
)  # fmt: skip
OPEN = ("1.1.1.1", "8.8.8.8", "151.101.0.223", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8")


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_of_this_machine_its_network_and_its_provider_are_closed(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_are_open(address: str) -> None:
    assert is_public(address)


class Resolver:
    """Says another address each time."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0)


async def talk(request: bytes, resolver: Resolver | None = None, hosts: Sequence[str] = ("a.example.org",)) -> bytes:
    """What the proxy answers to these bytes, and what it says of them."""
    said: list[str] = []
    served = Proxy(hosts, said.append, resolver or Resolver())

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.serve(Line(reader, writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, asyncio.timeout(30):
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(request)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
    return answer + b"".join(b"\n" + sentence.encode() for sentence in said)


def connect(target: str) -> bytes:
    return f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (connect("b.example.org:443"), b"not among the hosts"),
        (connect("a.example.org:80"), b"not among the hosts"),
        (connect("a.example.org.evil.org:443"), b"not among the hosts"),
        (connect("xa.example.org:443"), b"not among the hosts"),
        (connect("1.1.1.1:443"), b"not among the hosts"),
        (connect("[::1]:443"), b"no host with a port"),
        (connect("a.example.org:99999999999999999999999"), b"not among the hosts"),
        (connect("a.example.org:x"), b"no host with a port"),
        (b"GET http://a.example.org/ HTTP/1.1\r\nHost: a.example.org\r\n\r\n", b"GET is no CONNECT"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"refused"),
        (b"CONNECT a.example.org:443 HTTP/1.1\r\n\r\n", b"refused"),  # no Host
        (b"\x16\x03\x01\x02\x00\x01\x00", b"refused"),
        (b"", b"ended before"),
        (b"CONNECT a.example.org:443", b"refused"),
        (b"CONNECT \xff\xfe:443 HTTP/1.1\r\nHost: x\r\n\r\n", b"refused"),
    ],
)
async def test_anything_else_is_refused(request_: bytes, why: bytes) -> None:
    resolver = Resolver()
    answer = await talk(request_, resolver)
    assert b" 200 " not in answer
    assert why in answer
    assert resolver.asked == []


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:169.254.169.254"]])
async def test_a_host_at_an_inner_address_is_refused(addresses: list[str]) -> None:
    answer = await talk(connect("a.example.org:443"), Resolver(addresses))
    assert b"403" in answer
    assert b"no public address" in answer


async def test_a_name_is_resolved_once_and_what_was_checked_is_what_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name whose next answer would be this machine."""
    connected: list[str] = []

    async def note(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        connected.append(host)
        raise OSError("no way there")

    real = asyncio.open_connection
    resolver = Resolver(["9.9.9.9"], ["127.0.0.1"])
    monkeypatch.setattr(proxy.asyncio, "open_connection", lambda h, p: note(h, p) if h == "9.9.9.9" else real(h, p))
    answer = await talk(connect("A.Example.org.:443"), resolver)
    assert b"502" in answer
    assert connected == ["9.9.9.9"]
    assert resolver.asked == [("a.example.org", 443)]


async def test_who_asks_slowly_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "SECONDS", 0.2)
    served = Proxy(["a.example.org"], lambda _: None)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.serve(Line(reader, writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, asyncio.timeout(20):
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"CONNECT a.exam")
        assert b"502" in await reader.read()
        writer.close()


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    assert b" 200 " not in asyncio.run(talk(data))


def test_real_tools_in_a_real_box_reach_the_named_host_alone(tmp_path: Path, bubblewrap: None) -> None:
    missing = [name for name in ("unshare", "ip", "curl", "openssl") if not shutil.which(name, path=PATH)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    words = ["unshare", *([] if os.getuid() == 0 else ["-r"]), "-nm"]
    if subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("no network namespace can be made here")
    program = Path(__file__).parent / "internet.py"
    environment = {**os.environ, "PATH": PATH, "PYTHONPATH": str(Path(proxy.__file__).parents[2])}
    done = subprocess.run([*words, sys.executable, str(program), str(tmp_path)], capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found = json.loads(done.stdout)
    assert found["packages"][0] == "package\n"
    assert found["packages"][1][0].startswith("packages.example.org:443: ")
    assert found["other"] == ["", ["refused: other.example.org:443 is not among the hosts that were agreed to"]]
    for name, address in (("inner", "10.1.2.3"), ("loopback", "127.0.0.1"), ("cloud", "169.254.169.254")):
        expected = f"refused: {name}.example.org is at {address}, which is no public address"
        assert found[name] == ["", [expected]]
    assert "GET is no CONNECT" in found["plain"][0]
    assert found["straight"] == ["", []]


async def test_names_that_nobody_answers_for_hold_nothing_else_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set-up that asks again and again on a machine without a network; the daemon does its own work on threads."""
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_words, **_named: answered.wait(10) and [])
    asking = [asyncio.create_task(proxy.resolved("a.example.org", 443)) for _ in range(100)]
    await asyncio.sleep(0.1)
    try:
        async with asyncio.timeout(1):
            assert await asyncio.to_thread(lambda: True)
    finally:
        answered.set()
        await asyncio.gather(*asking)
