"""Sends a file's diagnostics when they differ from what was sent last."""

from collections.abc import Callable

from specwright.lsp.convert import Wire

Send = Callable[[Wire], None]


class Publisher:
    """Keeps what each file shows."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._sent: dict[str, list[Wire]] = {}

    def close(self, uri: str) -> None:
        """Show nothing of a file any more."""
        if self._sent.get(uri):
            self.publish(uri, [])
        self._sent.pop(uri, None)

    @property
    def files(self) -> frozenset[str]:
        """The files that show something, by their URI."""
        return frozenset(self._sent)

    def publish(self, uri: str, items: list[Wire], version: int | None = None) -> None:
        """Show exactly these items; the first time also none, so that an editor knows that it was looked at."""
        if self._sent.get(uri) == items or not (items or version is not None or uri in self._sent):
            return
        self._sent[uri] = items
        params = {"uri": uri, "diagnostics": items} | ({} if version is None else {"version": version})
        self._send({"jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params})
