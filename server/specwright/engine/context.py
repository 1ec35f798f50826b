"""What every part of the story needs at hand: places, the store, the user's settings, keys in memory, the probe."""

from collections.abc import Callable
from dataclasses import dataclass, field

from specwright.api.messages import Credentials
from specwright.config.settings import UserSettings
from specwright.paths.places import Places
from specwright.sandbox.probe import Probe
from specwright.store.database import Store
from specwright.store.events import RunFiles


class Keys:
    """The model's key: the user's `key_command` first, then what a client brought; in memory only."""

    def __init__(self) -> None:
        self._brought = Credentials()
        self._commanded: str | None = None
        self.refused: str | None = None
        """Why the provider does not take the key; None while it does."""

    def bring(self, credentials: Credentials) -> None:
        """A client connected: what it has replaces what an earlier one had, and a refused key is tried again."""
        if credentials.key and credentials != self._brought:
            self._brought = credentials
            self.refused = None

    def command(self, key: str) -> None:
        """The user's own command printed this key."""
        self._commanded = key

    @property
    def current(self) -> Credentials:
        """Key and address; the key is None where nobody has one."""
        return Credentials(self._commanded or self._brought.key, self._brought.base_url)


@dataclass(slots=True)
class Context:
    """Shared by all runs of one daemon."""

    places: Places
    store: Store
    user: UserSettings
    probe: Probe
    keys: Keys = field(default_factory=Keys)
    announce: Callable[[frozenset[str]], None] = field(default=lambda _tasks: None)
    """Told after each transition which tasks changed."""

    def files(self, task: str, number: int) -> RunFiles:
        """The files of one run."""
        return RunFiles(self.places.runs, task, number)
