"""What clients are told of runs as they go on. Documented in docs/protocol.md."""

from specwright.api.message import message
from specwright.tasks.model import Phase
from specwright.tasks.needs import Need


@message
class EventsOf:
    """A run's events from an offset on. Name the run once you know it: the last one may be another by then."""

    task: str
    run: int | None = None
    """Its number; null for the last."""
    offset: int = 0
    """In bytes, as the last answer gave it; 0 for the first event."""
    wait: float = 0.0
    """Seconds that the answer may take where there is nothing new, 60 at most."""


@message
class Events:
    """Lines of a run's events, each a JSON object with `at`, `event` and what belongs to it; up to 256 KiB."""

    run: str | None
    """null where no run has begun."""
    lines: tuple[str, ...]
    """As they stand in the file."""
    offset: int
    """Where to go on."""
    over: bool
    """Nothing more will come."""


@message
class Step:
    """What the run of a task does now."""

    task: str
    phase: Phase
    turn: int | None = None
    """The last that the agent completed in this round."""
    gate: str | None = None
    """The gate that runs."""


@message
class Notice:
    """Tasks of one checkout that need a person, all for the same."""

    need: Need
    tasks: tuple[str, ...]
    text: str
    """A sentence to show."""
