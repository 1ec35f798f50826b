"""What goes to the editor is what JSON would make of it, whatever was kept of an earlier message."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from specwright.lsp.publisher import Publisher

ITEMS = some.lists(some.builds(lambda message, line: {"message": message, "line": line}, some.text(), some.integers()))


@given(some.lists(some.tuples(ITEMS, ITEMS, some.none() | some.integers()), max_size=5))
def test_each_message_is_the_json_of_its_items(steps: list[tuple[list[Any], list[Any], int | None]]) -> None:
    sent: list[str] = []
    publisher, kept = Publisher(sent.append), list[Any]()
    for old, new, version in steps:
        kept = [*old, *kept[::2], *new]
        before = len(sent)
        publisher.publish("file:///a 'ä\"", kept, version)
        for body in sent[before:]:
            params = {"uri": "file:///a 'ä\"", "diagnostics": kept} | ({} if version is None else {"version": version})
            assert json.loads(body) == {
                "jsonrpc": "2.0",
                "method": "textDocument/publishDiagnostics",
                "params": params,
            }
    assert bool(sent) == any(old or new or version is not None for old, new, version in steps)


def test_the_same_items_are_sent_once_and_none_at_the_close() -> None:
    sent: list[str] = []
    publisher = Publisher(sent.append)
    item = {"message": "\ud800 é"}
    for items in ([item], [dict(item)], [item]):
        publisher.publish("file:///a", items)
    publisher.close("file:///a")
    assert [json.loads(body)["params"]["diagnostics"] for body in sent] == [[item], []]
