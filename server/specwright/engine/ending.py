"""What a run came to, from what its phases recorded: the harness's judgement, never the agent's word."""

from specwright.engine.plan import Done, agent_step, last_round
from specwright.store.runs import Ending
from specwright.tasks.model import Outcome, Phase
from specwright.tasks.protocols import EndReason
from specwright.tasks.states import Event

OUTCOMES = {
    EndReason.BLOCKED: Outcome.BLOCKED,
    EndReason.EXHAUSTED: Outcome.STOPPED,
    EndReason.CANCELLED: Outcome.STOPPED,
}
"""Ends of an agent that decide by themselves; `finished` is decided by the gates, all others are errors."""


def ending_of(done: Done) -> Ending:
    """The outcome, what it means for the task, and the sentence that explains it."""
    round = last_round(done)
    worked = done[agent_step(round)]
    end = EndReason(worked["end"])
    outcome = _finished(done, round) if end is EndReason.FINISHED else OUTCOMES.get(end, Outcome.ERROR)
    return Ending(
        outcome=outcome,
        event=_event(outcome, changed=not worked["empty"]),
        reason=_sentence(outcome, worked["note"]),
        question=worked["note"] if outcome is Outcome.BLOCKED else None,
        head=worked["commit"],
        claim=worked["claim"] or None,
    )


def _finished(done: Done, round: int) -> Outcome:
    if done[agent_step(round)]["empty"]:
        return Outcome.EMPTY
    return Outcome(done[round, Phase.GATES]["outcome"])


def _event(outcome: Outcome, changed: bool) -> Event:
    if outcome is Outcome.BLOCKED:
        return Event.RESULT
    if outcome in {Outcome.EMPTY, Outcome.ERROR} or not changed:
        return Event.NOTHING
    return Event.RESULT


def _sentence(outcome: Outcome, note: str) -> str | None:
    if outcome is Outcome.EMPTY:
        return "The agent changed nothing. Say more in the spec, or retry."
    return note or None if outcome in {Outcome.ERROR, Outcome.STOPPED} else None
