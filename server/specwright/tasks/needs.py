"""When a task needs a person, and how that is said: once for each run and need, never for a step."""

from collections.abc import Sequence
from enum import StrEnum

from specwright.tasks.harmless import one_line
from specwright.tasks.model import Outcome, Reason
from specwright.tasks.states import Event
from specwright.tasks.wording import listed

LONGEST = 80
"""Characters of a title."""


class Need(StrEnum):
    """What a person is needed for."""

    REVIEW = "review"
    """There is a result to decide."""
    BLOCKED = "blocked"
    """The agent asks a question."""
    FAILED = "failed"
    """A run ended with nothing to review."""
    KEY = "key"
    """The model's key is missing or was refused."""
    TRUST = "trust"
    """What the project's files would run is not agreed to."""
    BUDGET = "budget"
    """A budget is spent."""
    SANDBOX = "sandbox"
    """No sandbox works here."""
    STALLED = "stalled"
    """The agent gave no sign for as long as `limits.stall_minutes` says."""


OF_REASONS = {
    Reason.KEY: Need.KEY,
    Reason.TRUST: Need.TRUST,
    Reason.BUDGET: Need.BUDGET,
    Reason.SANDBOX: Need.SANDBOX,
}
"""The reasons to wait that no time mends."""
SAID = {
    Need.REVIEW: ("is ready for review", "are ready for review"),
    Need.BLOCKED: ("asks a question", "ask a question each"),
    Need.FAILED: ("failed", "failed"),
    Need.KEY: ("waits for the model's key", "wait for the model's key"),
    Need.TRUST: ("waits for your consent: specwright trust", "wait for your consent: specwright trust"),
    Need.BUDGET: ("waits, for its budget is spent", "wait, for their budgets are spent"),
    Need.SANDBOX: ("waits, for no sandbox works here", "wait, for no sandbox works here"),
    Need.STALLED: ("runs, and its agent gives no sign", "run, and their agents give no sign"),
}


def of_ending(event: Event, outcome: Outcome) -> Need | None:
    """What the end of a run needs; nothing where a person ended it."""
    if event is Event.NOTHING:
        return Need.FAILED
    if event is not Event.RESULT:
        return None
    return Need.BLOCKED if outcome is Outcome.BLOCKED else Need.REVIEW


def sentence(need: Need, titles: Sequence[str], outcome: Outcome | None = None) -> str:
    """`'Add two numbers' is ready for review.`; several tasks are told of in one sentence."""
    one, many = SAID[need]
    if need is Need.REVIEW and outcome is not Outcome.PASSED:
        one, many = (f"{words} ({outcome})" for words in (one, many))
    names = [f"'{one_line(title, LONGEST)}'" for title in titles]
    if len(names) == 1:
        return f"{names[0]} {one}."
    return f"{len(names)} tasks {many}: {listed(names)}."
