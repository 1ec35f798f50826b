"""What every part of the story needs at hand: places, the store, the user's settings, keys in memory, the probe."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from specwright.agents import registry
from specwright.agents.calls import ANTHROPIC_URL, Connection
from specwright.api.messages import Credentials
from specwright.api.news import Step
from specwright.config.settings import UserSettings
from specwright.engine.boundary import Boundary
from specwright.engine.feed import Feed
from specwright.engine.git_settings import GitSettings
from specwright.engine.watch import Watch
from specwright.leaks.mask import mask
from specwright.paths.places import Places
from specwright.sandbox.probe import Probe
from specwright.store.database import Store
from specwright.store.events import Payload, RunFiles
from specwright.store.runs import Start
from specwright.tasks.protocols import Agent


class Keys:
    """The model's key and address: the user's own settings first, then what a client brought; in memory only."""

    def __init__(self, base_url: str | None = None) -> None:
        self._own_url = base_url
        self._brought = Credentials()
        self._commanded: str | None = None
        self.known: set[str] = set()
        """Every secret of the user's that was seen since the start: none of them is told or stored."""
        self.refused: str | None = None
        """Why the provider does not take the key; None while it does."""
        self.came_back = False
        """Whether somebody came since: the user's own command may print another key by now."""

    def bring(self, credentials: Credentials) -> None:
        """A client connected: what it has replaces what an earlier one had, and a refused key is tried again."""
        self.came_back = self.came_back or self.refused is not None
        self.known |= {credentials.key} if credentials.key else set()
        if credentials.key and credentials != self._brought:
            self._brought = credentials
            self.refused = None

    @property
    def brought(self) -> Credentials:
        """What clients brought, for the daemon that takes this one's place."""
        return self._brought

    def command(self, key: str) -> None:
        """The user's own command printed this key."""
        self.known.add(key)
        if key != self._commanded:
            self._commanded, self.refused = key, None

    def refuse(self, used: Connection | None, sentence: str) -> None:
        """The provider does not take the key that a run used; where another one came meanwhile, that may be good."""
        if used == self.current:
            self.refused = sentence

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
    feed: Feed = field(default_factory=Feed)
    watch: Watch = field(default_factory=Watch)
    git_settings: GitSettings = field(default_factory=GitSettings)
    on_step: Callable[[str, Step], None] = field(default=lambda _root, _step: None)
    """Told of each step of a run, with the root of its checkout."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By run that is performed: the values of ignored files that were copied for it."""
    untidy: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a slot was given back: there may be something to put away."""

    def __post_init__(self) -> None:
        self.keys = Keys(self.user.base_url)

    def files(self, task: str, number: int) -> RunFiles:
        """The files of one run."""
        return RunFiles(self.places.runs, task, number)

    def mask(self, text: str, run: str = "") -> str:
        """A text without secrets: those of the user's, those that the run was given, and what looks like one."""
        return mask(text, [*self.keys.known, *self.values.get(run, ())])

    def mask_sure(self, text: str, values: tuple[str, ...]) -> str:
        """The same without what only looks like one, for a text that must stay what it is if it can."""
        return mask(text, [*self.keys.known, *values], likely=False)

    def emit(self, start: Start, kind: str, payload: Payload) -> None:
        """Append one event to a run's file, its secrets masked, and wake who follows it."""
        payload = {
            key: self.mask(value, start.key) if isinstance(value, str) else value for key, value in payload.items()
        }
        self.files(start.task, start.number).append(kind, payload)
        self.feed.tell(start.task)
        pause = payload.get("seconds") if kind == "held" else None
        if self.watch.sign(start.task, float(pause or 0)):
            self.store.on_commit(frozenset({start.task}), False)
