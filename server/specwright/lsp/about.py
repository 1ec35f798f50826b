"""What a hover on a spec's marker line says of its task: what was edited since it was queued, what its gates say."""

from collections.abc import Iterator
from difflib import unified_diff

from lsprotocol import types as t

from specwright.api import messages as m
from specwright.api import views as v
from specwright.errors import SpecwrightError
from specwright.lsp.document import Document
from specwright.lsp.marks import Marked
from specwright.lsp.window import Window
from specwright.spec.printer import render
from specwright.tasks.harmless import fenced, harmless, markdown
from specwright.tasks.model import GateResult, State

TOLD = frozenset({GateResult.ERROR, GateResult.FAILED})
MOST = 2000
"""Characters of the difference."""


async def hover(window: Window, document: Document, position: t.Position) -> str:
    """In Markdown; empty where there is nothing to say, or nobody to ask."""
    entry = next((entry for entry in window.marked(document) if entry.line == position.line and entry.block), None)
    if entry is None or not (entry.outdated or entry.mark.state in {State.REVIEW, State.FAILED}):
        return ""
    text = render(entry.block.specs[entry.number]) if entry.block else ""
    try:
        view = await window.link.ask("show", m.TaskNamed(entry.mark.task), v.TaskView)
    except SpecwrightError:
        return ""
    return "\n\n".join([*_edited(entry, view, text), *_decided(view)])


def _edited(entry: Marked, view: v.TaskView, text: str) -> Iterator[str]:
    before, after = harmless(view.spec).splitlines(), harmless(text).splitlines()
    lines = list(unified_diff(before, after, n=0, lineterm=""))[2:]
    shown = "\n".join(line for line in lines if not line.startswith("@@"))
    if entry.outdated and view.spec and shown:
        yield f"Edited since it was queued as `{entry.mark.task}`:\n\n{fenced(shown[:MOST], 'diff')}"


def _decided(view: v.TaskView) -> Iterator[str]:
    """Why checks of the last run did not pass, as far as a sentence tells it."""
    for gate in view.runs[-1].gates if view.runs else ():
        if gate.result in TOLD and gate.reason:
            yield f"**{markdown(gate.name)}**: {gate.result}. {markdown(gate.reason)}"
