"""Writes what is derived from the types of messages: the tables in `docs/` and the editor client's types.

`--check` writes nothing, names each file that differs and ends with 1. In a page, what stands between
`<!-- generated: NAME -->` and `<!-- end -->` is written here, and all else by hand.
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import tables
import typescript
from shapes import reachable

from specwright.api import editor, messages, methods, news, setup, views
from specwright.cli.app import VERBS
from specwright.review import bearing
from specwright.spec.keys import BY_NAME
from specwright.spec.rules.catalogue import RULES
from specwright.spec.table import ROWS

ROOT = Path(__file__).parent.parent
PAGES = ("docs/protocol.md", "docs/cli.md", "docs/spec-language.md", "docs/trust.md")
TYPES = "client-vscode/src/protocol.ts"
REGION = re.compile(r"(?P<begin><!-- generated: (?P<name>.+?) -->\n).*?(?P<end><!-- end -->)", re.S)
RULE = re.compile(r"# (?P<code>SPEC\d{3}): (?P<title>[^\n]+)\n.*?Severity: \*\*(?P<severity>\w+)\*\*", re.S)


def main(words: Sequence[str]) -> int:
    """0, or with `--check` 1 when a file differs."""
    stale = [name for name, text in generated().items() if read(name) != text]
    for name in stale:
        if "--check" in words:
            print(f"{name} is not what the types say; run `make fix`")
        else:
            target = ROOT / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(generated()[name], encoding="utf-8")
            print(f"wrote {name}")
    return int("--check" in words and bool(stale))


def generated() -> dict[str, str]:
    """Each file's path, and the text that it should have."""
    types = typescript.module(editor.COMMANDS, editor.REQUESTS, editor.NOTIFICATIONS)
    return {**{name: REGION.sub(_region, read(name)) for name in PAGES}, TYPES: types}


def read(name: str) -> str:
    """A file's text; empty where there is none."""
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _shape(name: str) -> type:
    """The type of this name, wherever it is declared."""
    return next(getattr(module, name) for module in (messages, news, setup, views) if hasattr(module, name))


def _region(found: re.Match[str]) -> str:
    name = found["name"]
    text = tables.sketch(_shape(name[6:])) if name.startswith("shape ") else REGIONS[name]()
    return f"{found['begin']}\n{text}\n\n{found['end']}"


def _daemon_types() -> str:
    return _sections(_of_daemon())


def _of_daemon() -> list[type]:
    pairs = [*methods.DAEMON.values(), *methods.WINDOW.values()]
    return list(reachable([*(kind for pair in pairs for kind in pair), *methods.NOTIFICATIONS.values()]))


def _editor_types() -> str:
    pairs = [kind for pair in editor.REQUESTS.values() for kind in pair]
    kinds = reachable([*editor.COMMANDS.values(), *pairs, *editor.NOTIFICATIONS.values()])
    known = _of_daemon()
    return _sections(kind for kind in kinds if kind not in known)


def _sections(kinds: Iterable[type]) -> str:
    return "\n\n".join(tables.section(kind) for kind in sorted(kinds, key=lambda kind: kind.__name__))


def _verbs() -> str:
    return "\n".join(f"* [`{verb}`](#{verb}): {sentence}" for verb, sentence in VERBS.items())


def _rules() -> str:
    """A row per rule, from the head of its page."""
    rows = []
    for rule in RULES:
        if page := RULE.match(read(f"docs/rules/{rule.code}.md")):
            rows.append(f"| [{rule.code}](rules/{rule.code}.md) | {rule.severity} | {page['title']} |")
    return "\n".join(["| code | severity | what it says |", "| --- | --- | --- |", *rows])


REGIONS: dict[str, Callable[[], str]] = {
    "requests of the daemon": lambda: tables.requests(methods.DAEMON, methods.MEANING),
    "requests of a window": lambda: tables.requests(methods.WINDOW, methods.MEANING),
    "notifications of the daemon": lambda: tables.messages("notification", methods.NOTIFICATIONS, methods.MEANING),
    "types of the daemon": _daemon_types,
    "editor commands": lambda: tables.messages("command", editor.COMMANDS, editor.MEANING),
    "editor requests": lambda: tables.requests(editor.REQUESTS, editor.MEANING),
    "editor notifications": lambda: tables.messages("notification", editor.NOTIFICATIONS, editor.MEANING),
    "editor types": _editor_types,
    "verbs": _verbs,
    "rules": _rules,
    "keys": lambda: tables.keys(BY_NAME.values()),
    "languages": lambda: tables.languages(ROWS),
    "bearing": lambda: tables.bearing(bearing.TABLE, bearing.KINDS),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
