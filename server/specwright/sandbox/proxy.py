"""Lets a command speak with named hosts over HTTPS: a CONNECT proxy (RFC 9110, 9.3.6) that resolves names itself.

The proxy carries TLS without looking into it. It connects to the address that it has checked, so a name that resolves
to another one a moment later gains nothing.
"""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

import h11

from specwright.sandbox.relay import Line, Relay

HTTPS = 443
SECONDS = 15.0
"""For a request to be whole, a name to be resolved, a connection to be made."""
ASKED_AT_ONCE = 4
"""Names of hosts."""
LONGEST = 16 * 1024
"""Bytes of a request's head."""
PIECE = 4096
REFUSED = "refused: "
INNER = "which is no public address"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Addresses of a host."""
EMBEDDING = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""Networks whose addresses end with one of IPv4 (RFC 6052, RFC 4291)."""
LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")
"""Translated within a site (RFC 8215), which Python knows from 3.11.10 on."""


@cache
def _threads() -> ThreadPoolExecutor:
    """Of their own: where no name server answers each question takes long, and all else of the daemon would wait."""
    return ThreadPoolExecutor(ASKED_AT_ONCE, "names")


class Refusal(Exception):
    """Why a host is not reached, as a sentence."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """What the system says."""
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_threads(), ask)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Proxy:
    """Serves connections of one box; what each came to is told to `said`."""

    def __init__(self, hosts: Sequence[str], said: Callable[[str], None], resolve: Resolve = resolved) -> None:
        self._allowed = {split(host) for host in hosts}
        self._said = said
        self._resolve = resolve

    async def serve(self, inside: Line) -> None:
        """Answer one request, then carry."""
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST)
        try:
            async with asyncio.timeout(SECONDS):
                request = await _request(connection, inside)
                host, port = _target(request)
                outside = await self._connect(host, port)
        except (h11.ProtocolError, Refusal) as error:
            self._said(f"{REFUSED}{error}")
            await _answer(connection, inside, 403, str(error))
            return
        except (OSError, TimeoutError) as error:
            await _answer(connection, inside, 502, f"it could not be reached: {str(error) or 'it took too long'}")
            return
        relay = Relay(inside, outside)
        try:
            await _answer(connection, inside, 200)
            if early := connection.trailing_data[0]:
                relay.sent += len(early)
                outside.writer.write(early)
            await relay.carry()
        finally:
            outside.writer.close()
            self._said(f"{host}:{port}: {relay.sent:,} bytes sent, {relay.received:,} received")

    async def _connect(self, host: str, port: int) -> Line:
        if (host, port) not in self._allowed:
            raise Refusal(f"{host}:{port} is not among the hosts that were agreed to")
        addresses = await self._resolve(host, port)
        if closed := [address for address in addresses if not is_public(address)]:
            raise Refusal(f"{host} is at {closed[0]}, {INNER}")
        problem: OSError | None = None
        for address in addresses:
            try:
                return Line(*await asyncio.open_connection(address, port))
            except OSError as error:
                problem = error
        raise problem or OSError("it has no address")


def split(host: str) -> tuple[str, int]:
    """A host and its port, from `NAME` or `NAME:PORT`. Raises `ValueError`."""
    name, _, port = host.partition(":")
    return name.lower().rstrip("."), int(port or HTTPS)


def is_public(text: str) -> bool:
    """Whether an address belongs to the internet at large, not to this machine, its network or its provider."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if address.is_multicast or address in LOCAL or not address.is_global:
        return False
    inner = _embedded(address)
    return inner is None or is_public(str(inner))


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The address of IPv4 that one of IPv6 stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in network for network in EMBEDDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


async def _request(connection: h11.Connection, inside: Line) -> h11.Request:
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            return event
        if event is not h11.NEED_DATA:
            raise Refusal("it ended before it had asked")
        connection.receive_data(await inside.reader.read(PIECE))


def _target(request: h11.Request) -> tuple[str, int]:
    """Raises `Refusal` for anything but a CONNECT to a host by its name."""
    if request.method != b"CONNECT":
        raise Refusal(f"{request.method.decode(errors='replace')} is no CONNECT: only HTTPS goes out")
    try:
        return split(request.target.decode("ascii"))
    except ValueError:
        raise Refusal(f"{request.target!r} is no host with a port") from None


async def _answer(connection: h11.Connection, inside: Line, status: int, text: str = "") -> None:
    """The head of an answer, with a text where it is no success."""
    if connection.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
        return
    body = f"specwright: {text}\n".encode() if text else b""
    headers = [("content-type", "text/plain"), ("content-length", str(len(body))), ("connection", "close")]
    said = connection.send(h11.Response(status_code=status, headers=headers if text else []))
    with contextlib.suppress(OSError):
        inside.writer.write((said or b"") + body)
        await inside.writer.drain()
