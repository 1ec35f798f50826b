"""What settings there are, as frozen values with defaults. Reading them from text is `config.read`'s."""

from dataclasses import dataclass, field
from enum import StrEnum

from specwright.config.hours import Hours


class Sleep(StrEnum):
    """What becomes of the machine's sleep while tasks run."""

    INHIBIT = "inhibit"
    ALLOW = "allow"


class SandboxMode(StrEnum):
    """How commands are boxed; counts only in the user's own file."""

    AUTO = "auto"
    """The best that works here; a partial one after consent to what it leaves open."""
    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Caches(StrEnum):
    """What commands see of the user's package caches; counts only in the user's own file."""

    NONE = "none"
    READ = "read"
    COPY = "copy"
    """Read-only, and a copy for set-up to write."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One `[gates.<name>]`: a command run in the slot's root, in the sandbox; its exit status decides."""

    name: str
    command: tuple[str, ...]
    """Words; a string in the file is split like a shell's words, never given to a shell."""
    report: str | None = None
    """`junit`, `sarif`, or either with `:PATH`; None when the exit status says all."""
    paths: tuple[str, ...] = ()
    """Globs; the gate runs when a changed file matches. Empty: on every change."""
    cwd: str = ""
    timeout: int = 600
    """Seconds."""
    required: bool = True
    ok_codes: tuple[int, ...] = (0,)
    finding_codes: tuple[int, ...] = (1,)
    services: tuple[str, ...] = ()
    """`localhost:PORT` each: what it may reach on this machine, by consent."""
    removable: bool = False
    """Whether a spec may leave it out by `gates: -NAME`."""
    fault: str = ""
    """Why it can't be run, as a sentence: it is an `error` then. Not a key of the file."""


DEFAULT_AGENT = "anthropic"
AGENT_DEFAULTS = {("anthropic", "model"): "claude-sonnet-5-5"}
"""What holds for an agent's key that the file leaves out."""


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """One `[agents.<name>]`: an agent's own keys, as text."""

    name: str
    values: tuple[tuple[str, str], ...] = ()

    def get(self, key: str) -> str | None:
        """The value of a key, else its default, else None."""
        return dict(self.values).get(key) or AGENT_DEFAULTS.get((self.name, key))

    @property
    def running(self) -> int | None:
        """Most runs of it at once; None where the file does not say."""
        text = dict(self.values).get("running", "")
        return int(text) if text.isdecimal() and int(text) > 0 else None


@dataclass(frozen=True, slots=True)
class Limits:
    """`[limits]`."""

    running: int = 4
    review: int = 0
    repairs: int = 2
    seconds: int = 3600
    """Wall clock of one run, summed over its starts."""
    stall_minutes: float = 10.0
    """Without a sign of an agent, until it is told; 0 = never."""


@dataclass(frozen=True, slots=True)
class Budget:
    """`[budget]`."""

    task_tokens: int = 2_000_000
    day_usd: float = 20.0


@dataclass(frozen=True, slots=True)
class Slots:
    """`[slots]`."""

    setup: tuple[str, ...] = ()
    """Words of the command that is run once per environment."""
    hosts: tuple[str, ...] = ()
    """`NAME` or `NAME:PORT` each: what this command alone may reach over HTTPS, by consent."""
    disk_gb: int = 20
    """What slots and the private repository of a project may take on the disk, in GB of 10**9 bytes."""


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """One `[spec.languages.<id>]`: how a language of the project writes comments and strings."""

    id: str
    files: tuple[str, ...] = ()
    """Extensions with their dot, and whole file names."""
    line: tuple[str, ...] = ()
    """What begins a line comment."""
    block: tuple[tuple[str, str], ...] = ()
    """What begins and ends a block comment."""
    strings: tuple[str, ...] = ()
    """Quotes; of more than one character, or a back-tick, for strings that may run over lines."""


@dataclass(frozen=True, slots=True)
class SpecSettings:
    """`[spec]`."""

    markers: tuple[str, ...] = ("spec!",)
    """`spec!`, and at most one more."""
    files: tuple[str, ...] = (".specs/*.spec.md",)
    on_accept: str = "remove"
    languages: tuple[LanguageSettings, ...] = ()
    tests: tuple[str, ...] = ()
    """Where tests are besides the usual places, with `{folder}`, `{stem}` and `{suffix}` of what they test."""


LEVELS = ("error", "warning", "info", "hint", "on", "off")
"""What `[lint.rules]` may say of a rule."""
FIXED_RULES = frozenset({"SPEC503", "SPEC504", "SPEC505"})
"""Rules whose severity no setting changes."""


@dataclass(frozen=True, slots=True)
class Lint:
    """`[lint]`."""

    rules: tuple[tuple[str, str], ...] = ()
    """Severity by code: `error`, `warning`, `info`, `hint`, or `on` and `off`."""
    lang: str = ""
    """The language that specs are written in, such as `en`; empty: seen from their letters."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one project's `specwright.toml` says, with defaults for the rest."""

    agent: str | None = None
    agents: tuple[AgentSettings, ...] = ()
    gates: tuple[Gate, ...] = ()
    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)
    slots: Slots = field(default_factory=Slots)
    spec: SpecSettings = field(default_factory=SpecSettings)
    lint: Lint = field(default_factory=Lint)

    def agent_settings(self, name: str) -> AgentSettings:
        """The keys of one agent; empty where the file has none."""
        return next((entry for entry in self.agents if entry.name == name), AgentSettings(name))


@dataclass(frozen=True, slots=True)
class UserSettings:
    """What the user's own `config.toml` says; the only place for what weakens the sandbox, and for keys."""

    sandbox: SandboxMode = SandboxMode.AUTO
    roots: tuple[str, ...] = ()
    """Further folders that are readable in the box."""
    environment: tuple[str, ...] = ()
    """Further names of variables that commands in the box get, with the values that the daemon has."""
    caches: Caches = Caches.NONE
    """What commands see of the user's package caches."""
    memory_gb: int = 4
    """GB of 2**30 bytes that the processes of a command may hold together."""
    processes: int = 512
    """As many may a command have at once."""
    trusted: tuple[str, ...] = ()
    """Branches whose commands need no asking while they are unchanged from there."""
    key_command: tuple[str, ...] = ()
    """Prints the model's API key."""
    base_url: str | None = None
    """Where the model answers; decides who gets the key, hence never read from a project."""
    running: int = 4
    """Most runs at once, over all repositories."""
    sleep: Sleep = Sleep.INHIBIT
    """Whether the machine is kept from falling asleep by itself while tasks run on mains."""
    free_gb: int = 2
    """Free space, in 10**9 bytes, below which nothing new is begun."""
    quiet: tuple[Hours, ...] = ()
    """Times of day in which nothing starts."""
    desktop: bool = True
    """Whether the desktop shows what no editor window can."""
    webhook: str | None = None
    """An address that is told when a task needs a person."""
    secret_command: tuple[str, ...] = ()
    """Prints the secret that signs what the webhook is told."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a settings file that was replaced by its default; the line counts from 1."""

    message: str
    line: int | None = None
    refuses: bool = False
    """Whether nothing is queued with it: going on without the value would check less than the user wants."""
