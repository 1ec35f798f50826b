"""How a project is set up: what `init` proposes, what is rehearsed, and what its files may run."""

from specwright.api.message import message
from specwright.tasks.model import GateResult


@message
class Folder:
    """A folder of a checkout and its tool environment."""

    folder: str
    environment: dict[str, str]


@message
class DetectedGate:
    """A gate that was found, with the place it was found at."""

    name: str
    command: str
    origin: str
    """The file, and what in it."""


@message
class Proposal:
    """What `init` would write; `exists` when there is a `specwright.toml` already."""

    root: str
    exists: bool
    text: str
    """Of the file."""
    gates: tuple[DetectedGate, ...]
    notes: tuple[str, ...]
    """What else the user should know."""
    roots: tuple[str, ...] = ()
    """Folders that the gates' programs need, each with its reason."""


@message
class ConsentList:
    """What a project's files would run, and the folders that its commands may read."""

    root: str
    digest: str
    agreed: bool
    """Whether nothing of it is left to ask."""
    commands: tuple[str, ...]
    """As they are shown before consent."""
    roots: tuple[str, ...]
    """With the reason for each."""
    refused_roots: tuple[str, ...] = ()
    """Folders that are needed and may not be readable, with the reason."""
    included: tuple[str, ...] = ()
    """Ignored files that `.worktreeinclude` has copied into each slot, where the agent reads them."""
    reach: tuple[str, ...] = ()
    """What commands may reach beyond their boxes: hosts of set-up, ports of this machine for gates."""
    left_open: tuple[str, ...] = ()
    """What the partial sandbox of this machine does not stop; empty in a full one."""
    checks: tuple[str, ...] = ()
    """Checks of specs of waiting tasks that a partial sandbox would run, and that were not agreed to yet."""
    others: tuple[str, ...] = ()
    """What tasks that wait would run or open beyond this list: their commit or their settings are others."""
    branch: str | None = None
    """The branch of your own `trusted` that the commands are unchanged from; null where they need agreement."""
    caches: tuple[str, ...] = ()
    """Package caches that commands may read by the user's own setting, with the parts that they see."""


@message
class Agree:
    """Consent to exactly the list with this digest."""

    folder: str
    environment: dict[str, str]
    digest: str


@message
class Rehearsed:
    """One step of a rehearsal; `cure` is the line that mends a failure."""

    name: str
    """`slot`, `set-up` or a gate's name."""
    result: GateResult
    seconds: float
    reason: str | None
    cure: str | None


@message
class Rehearsal:
    """Set-up and every gate, run once on HEAD."""

    steps: tuple[Rehearsed, ...]
    sandbox: str
    """Which one held."""


@message
class Progress:
    """A step of something that takes over a second."""

    text: str
    done: int
    """Steps that are over."""
    total: int
    """Steps."""
