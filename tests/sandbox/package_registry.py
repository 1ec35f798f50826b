"""A registry of packages on the loopback, with one package for each tool; what it answers may be kept."""

import base64
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WHEEL = "greet-1.0-py3-none-any.whl"
TARBALL = "greet-1.0.0.tgz"


@contextmanager
def registry() -> Iterator[str]:
    """Its address while it runs."""
    files: dict[str, tuple[str, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = files.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "max-age=31536000"}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815  # the library's name

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    files.update(answers(address))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answers(address: str) -> dict[str, tuple[str, bytes]]:
    tarball = _tarball()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    dist = {"tarball": f"{address}/greet/-/{TARBALL}", "integrity": integrity}
    version = {"name": "greet", "version": "1.0.0", "dist": dist}
    packument = {"name": "greet", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
    return {
        "/simple/greet/": ("text/html", f'<a href="{address}/files/{WHEEL}">{WHEEL}</a>'.encode()),
        f"/files/{WHEEL}": ("application/octet-stream", _wheel()),
        "/greet": ("application/json", json.dumps(packument).encode()),
        f"/greet/-/{TARBALL}": ("application/octet-stream", tarball),
    }


def _wheel() -> bytes:
    info = "greet-1.0.dist-info"
    files = {
        "greet.py": 'HELLO = "hello"\n',
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: greet\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in (*files.items(), (f"{info}/RECORD", record)):
            archive.writestr(name, text)
    return made.getvalue()


def _tarball() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, text in (("package.json", '{"name": "greet", "version": "1.0.0"}'), ("index.js", "module.exports=1")):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mode = len(text), 0o644
            archive.addfile(entry, io.BytesIO(text.encode()))
    return made.getvalue()
