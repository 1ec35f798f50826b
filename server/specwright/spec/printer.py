"""A spec as plain text: what an agent is told, and what reads back as the same spec."""

from specwright.spec.grammar import KEYS, Kind, classify
from specwright.spec.model import Criterion, Spec


def render(spec: Spec) -> str:
    """Marker, goal on one line, criteria, then fields in the language's order; notes always as `- note:`."""
    handle = f" (#{spec.handle})" if spec.handle else ""
    lines = [f"{spec.word} {spec.title}{handle}", *_goal(spec)]
    lines += [f"- [{'x' if criterion.ticked else ' '}] {_criterion(criterion)}" for criterion in spec.criteria]
    for key in KEYS:
        lines += [f"- {key}: {value}" for value in spec.values(key)]
    return "\n".join(lines) + "\n"


def _goal(spec: Spec) -> list[str]:
    """In words where it reads as such, else as the field."""
    if not spec.goal:
        return []
    is_prose = classify(spec.goal, (spec.word,)).kind is Kind.PROSE
    return [spec.goal if is_prose else f"- goal: {spec.goal}"]


def _criterion(criterion: Criterion) -> str:
    if criterion.manual:
        return f"{criterion.text}, check: manual"
    if criterion.check is None:
        return criterion.text
    ticks = "`"
    while ticks in criterion.check:
        ticks += "`"
    pad = " " if criterion.check.startswith("`") or criterion.check.endswith("`") else ""
    return f"{criterion.text}, check: {ticks}{pad}{criterion.check}{pad}{ticks}"
