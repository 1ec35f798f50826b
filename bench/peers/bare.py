"""The floor: a JSON-RPC loop with no library that edits a list of lines and sends a diagnostic per marked line."""

import json
import sys
from typing import Any

MARKS = ("spec!", "# place")


def diagnostics(marked: dict[int, str]) -> list[dict[str, Any]]:
    """One per marked line."""
    return [
        {
            "range": {"start": {"line": line, "character": 0}, "end": {"line": line, "character": len(text)}},
            "severity": 2,
            "code": "mark",
            "source": "bare",
            "message": text.strip(),
        }
        for line, text in marked.items()
    ]


class Loop:
    """Knows one file."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.marked: dict[int, str] = {}

    def serve(self) -> None:
        """Answer until told to exit."""
        while (message := read()) and message.get("method") != "exit":
            self.take(message, message.get("params") or {})

    def take(self, message: dict[str, Any], params: dict[str, Any]) -> None:
        """One message. Changes are within one line, as keystrokes are."""
        match message.get("method"):
            case "initialize":
                send({"id": message["id"], "result": {"capabilities": {"textDocumentSync": 2}}})
            case "textDocument/didOpen":
                self.lines = params["textDocument"]["text"].splitlines(keepends=True)
                self.marked = {n: line for n, line in enumerate(self.lines) if any(mark in line for mark in MARKS)}
                self.publish(params["textDocument"])
            case "textDocument/didChange":
                self.change(params["contentChanges"][0])
                self.publish(params["textDocument"])
            case "textDocument/codeAction":
                line = params["range"]["start"]["line"]
                send({"id": message["id"], "result": [{"title": f"Do it at {line}", "kind": "quickfix"}]})
            case "shutdown":
                send({"id": message["id"], "result": None})

    def change(self, change: dict[str, Any]) -> None:
        """Replace columns of a line."""
        start, end = change["range"]["start"], change["range"]["end"]
        number, line = start["line"], self.lines[start["line"]]
        self.lines[number] = line = line[: start["character"]] + change["text"] + line[end["character"] :]
        if any(mark in line for mark in MARKS):
            self.marked[number] = line

    def publish(self, document: dict[str, Any]) -> None:
        """Send all diagnostics, whether they differ or not."""
        params = {"uri": document["uri"], "diagnostics": diagnostics(self.marked)}
        send({"method": "textDocument/publishDiagnostics", "params": params})


def read() -> dict[str, Any] | None:
    """The next message; None at the end."""
    length = 0
    while (line := sys.stdin.buffer.readline()) not in {b"\r\n", b""}:
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    return json.loads(sys.stdin.buffer.read(length)) if length else None


def send(message: dict[str, Any]) -> None:
    """Write one message."""
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    Loop().serve()
