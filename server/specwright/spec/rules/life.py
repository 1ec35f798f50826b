"""Rules about a spec and its task, its gates and its budget: 501, 505, 506, and 005 of a gate that is not there."""

import re
from collections.abc import Iterator

from specwright.spec.digest import digest
from specwright.spec.facts import Caps
from specwright.spec.model import Problem, Severity
from specwright.spec.rules.agreement import is_of
from specwright.spec.rules.look import Look

ENTRY = re.compile(r"[^,]+")
AMOUNT = re.compile(r"(?P<usd>\$)?(?P<number>\d{1,12}(?:\.\d{1,6})?)\s?(?P<unit>min|m|h|k? ?tokens)?")
TWO = 2
"""Specs of a file with one title: nobody can say whose task it is."""
SECONDS = {"m": 60, "min": 60, "h": 3600}


def outdated(look: Look) -> Iterator[Problem]:
    """SPEC501: the spec was edited since it was queued."""
    namesakes = [other for other in look.facts.named(look.spec.title) if other.path == look.path]
    for task in (look.facts.tasks or ()) if len(namesakes) < TWO or look.spec.handle else ():
        if is_of(task, look) and task.digest != digest(look.spec):
            when = f" ({task.age})" if task.age else ""
            message = f"Edited since it was queued{when}. The task has the old text."
            yield Problem("SPEC501", Severity.WARNING, message, look.spec.title_span)


def unknown_gate(look: Look) -> Iterator[Problem]:
    """SPEC005: a name that the project does not have would leave its gates out."""
    gates = look.facts.gates
    if gates is None:
        return
    known = f"the project's are {', '.join(gates.names)}." if gates.names else "the project has none."
    for token, span in look.tokens("gates"):
        name = token.lstrip("+-")
        if name not in gates.names:
            yield Problem("SPEC005", Severity.ERROR, f"There is no gate '{name[:80]}'; {known}", span, (token,))


def kept_gate(look: Look) -> Iterator[Problem]:
    """SPEC505: the project does not allow to leave out a gate."""
    gates = look.facts.gates
    if gates is None:
        return
    for token, span in look.tokens("gates"):
        name = token[1:]
        if token.startswith("-") and name in gates.names and name not in gates.removable:
            message = f"Project settings do not allow removing '{name}'."
            yield Problem("SPEC505", Severity.ERROR, message, span, (name,))


def budget(look: Look) -> Iterator[Problem]:
    """SPEC506: the budget is over the project's limit."""
    caps = look.facts.caps
    if caps is None:
        return
    fields = list(look.fields("budget"))
    for field in fields:
        for entry in ENTRY.finditer(field.value):
            asked = entry[0].strip()
            if most := over(asked, caps):
                start = entry.end() - len(entry[0].lstrip())
                message = f"Budget {asked} is over the project limit {most}."
                span = field.written.span(start, start + len(asked))
                yield Problem("SPEC506", Severity.ERROR, message, span, (asked, most))


def over(entry: str, caps: Caps) -> str:
    """The project's limit, written as an entry of `budget:`, where one is over it; else empty."""
    found = AMOUNT.fullmatch(entry)
    if found is None:
        return ""
    number, unit = float(found["number"]), (found["unit"] or "").replace(" ", "")
    if found["usd"]:
        return f"${caps.usd:g}" if caps.usd is not None and number > caps.usd else ""
    if unit in SECONDS:
        is_over = caps.seconds is not None and number * SECONDS[unit] > caps.seconds
        return f"{(caps.seconds or 0) / 60:g} min" if is_over else ""
    tokens = number * (1000 if unit.startswith("k") else 1)
    is_over = unit.endswith("tokens") and caps.tokens is not None and tokens > caps.tokens
    return f"{caps.tokens} tokens" if is_over else ""
