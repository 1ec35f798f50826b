"""One raw client for every language server: pipes and a reader thread, about 0.02 ms of its own."""

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Wire = dict[str, Any]
DEADLINE = 60.0
"""Seconds to wait for any message."""
CAPABILITIES: Wire = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True, "dataSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source"]}}},
    },
}


class Server:
    """A language server as a context manager; `took` in milliseconds is from its start to `initialize` answered."""

    def __init__(
        self, words: Sequence[str], root: Path, environment: Mapping[str, str], log: Path, options: Wire | None = None
    ) -> None:
        self._log = log.open("ab")
        began = time.perf_counter()
        self.process = subprocess.Popen(
            words, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log
        )
        self._came: queue.Queue[tuple[float, bytes]] = queue.Queue()
        self._kept: list[tuple[float, Wire]] = []
        self._number = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            given = {} if options is None else {"initializationOptions": options}
            params = {"processId": None, "rootUri": root.as_uri(), "capabilities": CAPABILITIES, **given}
            self.request("initialize", params)
        except BaseException:
            self.process.kill()
            self._end()
            raise
        self.took = (time.perf_counter() - began) * 1000

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self.process.wait(10)
        except (OSError, TimeoutError, subprocess.TimeoutExpired):
            self.process.kill()
        self._end()

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> tuple[float, Any]:
        """Milliseconds until the answer was there, and the answer. Raises `RuntimeError` on an error."""
        self._number += 1
        began = self._send({"id": self._number, "method": method, "params": params})
        at, answer = self._wait(lambda message: message.get("id") == self._number and "method" not in message)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return (at - began) * 1000, answer.get("result")

    def open(self, uri: str, text: str) -> tuple[float, list[Wire]]:
        """Open a Python file; milliseconds until its first diagnostics, and these."""
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        began = self._send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
        at, found = self.published(uri)
        return (at - began) * 1000, found

    def change(self, uri: str, version: int, line: int, columns: tuple[int, int], text: str) -> float:
        """Replace columns of a line; the time at which it was sent."""
        places = [{"line": line, "character": column} for column in columns]
        change = {"range": {"start": places[0], "end": places[1]}, "text": text}
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": [change]}
        return self._send({"method": "textDocument/didChange", "params": params})

    def published(self, uri: str) -> tuple[float, list[Wire]]:
        """When the next diagnostics of a file were there, and these."""
        at, message = self._wait(
            lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
        )
        return at, message["params"]["diagnostics"]

    def settle(self, quiet: float = 0.7) -> list[Wire]:
        """Read until nothing has come for some seconds; the messages that nobody waited for."""
        while True:
            try:
                self._kept.append(self._next(quiet))
            except TimeoutError:
                kept, self._kept = [message for _, message in self._kept], []
                return kept

    def _wait(self, wanted: Any) -> tuple[float, Wire]:
        for number, (at, message) in enumerate(self._kept):
            if wanted(message):
                del self._kept[number]
                return at, message
        while True:
            at, message = self._next(DEADLINE)
            if wanted(message):
                return at, message
            self._kept.append((at, message))

    def _next(self, seconds: float) -> tuple[float, Wire]:
        try:
            at, body = self._came.get(timeout=seconds)
        except queue.Empty as empty:
            raise TimeoutError(f"{self.process.args!r} said nothing for {seconds:g} s") from empty
        if not body:
            raise BrokenPipeError(f"{self.process.args!r} ended; its words are in {self._log.name}")
        message = json.loads(body)
        if "method" in message and "id" in message:  # what it asks of the editor is agreed to, with nothing
            self._send({"id": message["id"], "result": None})
            return self._next(seconds)
        return at, message

    def _send(self, message: Wire) -> float:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        at = time.perf_counter()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        return at

    def _end(self) -> None:
        """Leave nothing open behind a process that has ended, or is about to."""
        self._reader.join(10)
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self._log.close()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream
        while line := stream.readline():
            length = int(line.partition(b":")[2])
            while stream.readline() not in {b"\r\n", b""}:
                pass
            body = stream.read(length)
            self._came.put((time.perf_counter(), body))
        self._came.put((time.perf_counter(), b""))
