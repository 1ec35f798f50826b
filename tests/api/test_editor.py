"""The LSP extension's tables are what editors were told, and its arguments are read strictly."""

import pytest

from specwright.api.codec import Json, Malformed, decode, encode
from specwright.api.editor import COMMANDS, NOTIFICATIONS, REQUESTS, Document, DocumentKind, DocumentOf, TasksChanged
from specwright.api.views import Status, TaskList

AGREED = {
    "specwright.queue": {"uri": "file:///a.py", "line": 0},
    "specwright.queueFile": {"uri": "file:///a.py"},
    "specwright.cancel": {"task": "k7f3qa"},
    "specwright.retry": {"task": "k7f3qa"},
    "specwright.revise": {"task": "k7f3qa", "text": "Shorter."},
    "specwright.acceptHunk": {"task": "k7f3qa", "hunk": "h1"},
    "specwright.rejectHunk": {"task": "k7f3qa", "hunk": "h1"},
    "specwright.acceptFile": {"task": "k7f3qa", "path": "a.py"},
    "specwright.rejectFile": {"task": "k7f3qa", "path": "a.py"},
    "specwright.accept": {"task": "k7f3qa"},
    "specwright.reject": {"task": "k7f3qa"},
    "specwright.openReview": {"task": "k7f3qa"},
    "specwright.openDiff": {"task": "k7f3qa"},
    "specwright.openLog": {"task": "k7f3qa"},
    "specwright.trust": {"agree": "0f3a"},
    "specwright.pause": {},
    "specwright.resume": {},
    "specwright.reorder": {"task": "k7f3qa", "to": "first"},
}
OPTIONAL = {"specwright.revise": {"text"}, "specwright.trust": {"agree"}}


def test_the_commands_are_those_that_editors_were_told() -> None:
    assert COMMANDS.keys() == AGREED.keys()


@pytest.mark.parametrize("command", AGREED)
def test_an_argument_is_read_and_holds_nothing_else(command: str) -> None:
    assert encode(decode(COMMANDS[command], AGREED[command])) == AGREED[command]


@pytest.mark.parametrize(("command", "key"), [(command, key) for command in AGREED for key in AGREED[command]])
def test_a_missing_key_is_refused_unless_it_is_optional(command: str, key: str) -> None:
    argument = {name: value for name, value in AGREED[command].items() if name != key}
    if key in OPTIONAL.get(command, set()):
        assert getattr(decode(COMMANDS[command], argument), key) is None
    else:
        with pytest.raises(Malformed, match=key):
            decode(COMMANDS[command], argument)


@pytest.mark.parametrize("kind", ["diff", "log"])
def test_a_document_is_a_diff_or_a_log(kind: str) -> None:
    argument = {"task": "k7f3qa", "kind": kind}
    assert decode(DocumentOf, argument) == DocumentOf("k7f3qa", DocumentKind(kind))


@pytest.mark.parametrize("argument", [{"task": "k7f3qa", "kind": "patch"}, {"task": 7, "kind": "diff"}, [], None])
def test_what_is_no_argument_is_refused(argument: Json) -> None:
    with pytest.raises(Malformed):
        decode(DocumentOf, argument)


def test_requests_and_notifications_are_those_that_editors_were_told() -> None:
    assert REQUESTS.keys() == {"specwright/tasks", "specwright/task", "specwright/document"}
    assert NOTIFICATIONS.keys() == {"specwright/status", "specwright/tasksChanged", "specwright/away"}


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        (Status(1, 2, 3, 0, None, False), {"running", "waiting", "review", "failed", "spentToday", "paused"}),
        (TasksChanged(("k7f3qa",)), {"tasks"}),
        (TaskList(()), {"tasks"}),
        (Document("+a", "diff"), {"text", "language"}),
    ],
)
def test_an_editor_reads_these_keys(value: object, keys: set[str]) -> None:
    assert encode(value).keys() == keys
