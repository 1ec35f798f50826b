"""Sends a file's diagnostics when they differ from what was sent last."""

import json
from collections.abc import Callable

from specwright.lsp.convert import Wire

Send = Callable[[str], None]
"""Sends the JSON text of a message."""


class Publisher:
    """Keeps what each file shows."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._sent: dict[str, list[Wire]] = {}
        self._texts: dict[str, dict[int, str]] = {}
        """By URI, the JSON of each item sent last, by its identity: at a keystroke most are the same objects."""

    def close(self, uri: str) -> None:
        """Show nothing of a file any more."""
        if self._sent.get(uri):
            self.publish(uri, [])
        self._sent.pop(uri, None)
        self._texts.pop(uri, None)

    @property
    def files(self) -> frozenset[str]:
        """The files that show something, by their URI."""
        return frozenset(self._sent)

    def publish(self, uri: str, items: list[Wire], version: int | None = None) -> None:
        """Show exactly these items; the first time also none, so that an editor knows that it was looked at."""
        if self._sent.get(uri) == items or not (items or version is not None or uri in self._sent):
            return
        known = self._texts.get(uri, {})
        texts = {id(item): known.get(id(item)) or json.dumps(item) for item in items}
        self._sent[uri], self._texts[uri] = items, texts  # kept together: an identity is that of a living item alone
        about = json.dumps({"uri": uri} | ({} if version is None else {"version": version}))
        params = f'{about[:-1]}, "diagnostics": [{", ".join(texts[id(item)] for item in items)}]}}'
        self._send(f'{{"jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": {params}}}')
