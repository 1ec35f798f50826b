"""What every part of the story needs at hand: places, the store, the user's settings, keys in memory, the probe."""

import asyncio
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from specwright.agents import registry
from specwright.agents.calls import ANTHROPIC_URL, Connection
from specwright.api.messages import Credentials
from specwright.config.settings import UserSettings
from specwright.engine.boundary import Boundary
from specwright.paths.places import Places
from specwright.sandbox.probe import Probe
from specwright.store.database import Store
from specwright.store.events import RunFiles
from specwright.tasks.protocols import Agent


class Keys:
    """The model's key and address: the user's own settings first, then what a client brought; in memory only."""

    def __init__(self, base_url: str | None = None) -> None:
        self._own_url = base_url
        self._brought = Credentials()
        self._commanded: str | None = None
        self.refused: str | None = None
        """Why the provider does not take the key; None while it does."""

    def bring(self, credentials: Credentials) -> None:
        """A client connected: what it has replaces what an earlier one had, and a refused key is tried again."""
        if credentials.key and credentials != self._brought:
            self._brought = credentials
            self.refused = None

    @property
    def brought(self) -> Credentials:
        """What clients brought, for the daemon that takes this one's place."""
        return self._brought

    def command(self, key: str) -> None:
        """The user's own command printed this key."""
        self._commanded = key

    @property
    def current(self) -> Connection | None:
        """Key and address; None where nobody has a key."""
        key = self._commanded or self._brought.key
        return Connection(key, self._own_url or self._brought.base_url or ANTHROPIC_URL) if key else None


class Agents:
    """Made once for each connection, since the runs of one share its back-off; scripted ones are made anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str | None, ...], Agent] = {}

    def agent(self, name: str, needs: registry.Needs) -> Agent:
        """The agent for a run. Raises `WrongUse` where it can't be made."""
        if needs.connection is None:
            return registry.make(name, needs)
        key = (name, needs.settings.get("model"), needs.connection.key, needs.connection.base_url)
        if key not in self._kept:
            self._kept[key] = registry.make(name, needs)
        return self._kept[key]


@dataclass(slots=True)
class Context:
    """Shared by all runs of one daemon."""

    places: Places
    store: Store
    user: UserSettings
    probe: Probe
    keys: Keys = field(init=False)
    agents: Agents = field(default_factory=Agents)
    deciding: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """By task: held by the one verdict that is being given on it."""
    boundary: Boundary = field(default_factory=Boundary)
    asked: set[str] = field(default_factory=set)
    """Tasks of which a window is asked to apply a verdict just now."""

    untidy: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a slot was given back: there may be something to put away."""

    def __post_init__(self) -> None:
        self.keys = Keys(self.user.base_url)

    def files(self, task: str, number: int) -> RunFiles:
        """The files of one run."""
        return RunFiles(self.places.runs, task, number)
