"""An internet of one machine: a program for a network namespace of its own, with a host at a public address.

Prints as JSON what commands in a full box get from it by the proxy.
"""

import asyncio
import json
import os
import ssl
import subprocess
import sys
from pathlib import Path

from specwright.config.settings import SandboxMode
from specwright.sandbox.box import make_box
from specwright.sandbox.visible import Visible
from specwright.tasks.protocols import Reach

PUBLIC, PRIVATE = "9.9.9.9", "10.1.2.3"
HOSTS = f"""127.0.0.1 localhost
{PUBLIC} packages.example.org other.example.org
{PRIVATE} inner.example.org
127.0.0.1 loopback.example.org
169.254.169.254 cloud.example.org
"""
REACH = Reach(hosts=tuple(f"{name}.example.org" for name in ("packages", "inner", "loopback", "cloud")))


def surroundings(folder: Path) -> None:
    for words in (
        ["ip", "link", "set", "lo", "up"],
        *(["ip", "addr", "add", f"{address}/32", "dev", "lo"] for address in (PUBLIC, PRIVATE)),
    ):
        subprocess.run(words, check=True)
    (folder / "hosts").write_text(HOSTS)
    subprocess.run(["mount", "--bind", str(folder / "hosts"), "/etc/hosts"], check=True)
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "key.pem",
            "-out", "slot/cert.pem", "-subj", "/CN=packages.example.org",
            "-addext", "subjectAltName=DNS:packages.example.org,DNS:inner.example.org,DNS:other.example.org",
        ],
        check=True, cwd=folder, capture_output=True,
    )  # fmt: skip


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\npackage\n")
    await writer.drain()
    writer.close()


async def main(folder: Path) -> None:
    (folder / "slot").mkdir()
    surroundings(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "slot" / "cert.pem", folder / "key.pem")
    for address in (PUBLIC, PRIVATE, "127.0.0.1"):
        await asyncio.start_server(answer, address, 443, ssl=context)
    (folder / "slot" / ".git").write_text("")
    visible = Visible(folder / "slot", folder / "slot" / ".git", environment=(("PATH", os.environ["PATH"]),))
    box = make_box(SandboxMode.FULL, visible)
    found = {}
    for name in ("packages", "other", "inner", "loopback", "cloud"):
        words = ["curl", "-sS", "--max-time", "10", "--cacert", "cert.pem", f"https://{name}.example.org/"]
        done = await box.run(words, timeout=30, reach=REACH)
        found[name] = [done.stdout.decode(), list(done.reached)]
    plain = await box.run(
        ["curl", "-sS", "-x", "http://127.0.0.1:3128", "http://packages.example.org/"], timeout=30, reach=REACH
    )
    found["plain"] = [plain.stdout.decode(), list(plain.reached)]
    straight = await box.run(["curl", "-sS", "--noproxy", "*", "-k", f"https://{PUBLIC}/"], timeout=30, reach=REACH)
    found["straight"] = [straight.stdout.decode(), list(straight.reached)]
    print(json.dumps(found))


asyncio.run(main(Path(sys.argv[1])))
