"""Which phase of a run comes next: pure, from what is recorded. A phase added later runs where it stands here."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from specwright.tasks.model import Phase
from specwright.tasks.protocols import EndReason


class Step(NamedTuple):
    """One phase of one round; round 0 is the first, each repair is one more."""

    round: int
    phase: Phase


Done = Mapping[tuple[int, Phase], Mapping[str, Any]]


def plan(done: Done, repairs: int) -> Step | None:
    """The next step that is not recorded, or None at the end; `repairs` is how many rounds may mend."""
    return next((step for step in _story(done, repairs) if step not in done), None)


def last_round(done: Done) -> int:
    """The number of the last round of an agent that is recorded."""
    return max((round for round, phase in done if phase in {Phase.AGENT, Phase.REPAIRING}), default=0)


def agent_step(round: int) -> Step:
    """The step in which the agent works in a round."""
    return Step(round, Phase.REPAIRING if round else Phase.AGENT)


def _story(done: Done, repairs: int) -> list[Step]:
    steps = [Step(0, Phase.PREPARING), Step(0, Phase.BASELINE)]
    for round in range(repairs + 1):
        steps.append(agent_step(round))
        if not _to_be_gated(done.get(agent_step(round))):
            break
        steps.append(Step(round, Phase.GATES))
        if not _to_be_repaired(done.get((round, Phase.GATES))):
            break
    return [*steps, Step(0, Phase.RECORDING)]


def _to_be_gated(worked: Mapping[str, Any] | None) -> bool:
    return worked is None or (worked["end"] == EndReason.FINISHED and not worked["empty"])


def _to_be_repaired(gated: Mapping[str, Any] | None) -> bool:
    return gated is None or bool(gated["failed"])
