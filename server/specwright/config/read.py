"""From the text of a settings file to values and problems. A bad value is reported and replaced by its default."""

import re
import shlex
import tomllib
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from specwright.config import branches, shell
from specwright.config.hours import Hours, hours
from specwright.config.settings import (
    FIXED_RULES,
    LEVELS,
    AgentSettings,
    Budget,
    Caches,
    Gate,
    Limits,
    Lint,
    Problem,
    SandboxMode,
    Settings,
    Sleep,
    Slots,
    SpecSettings,
    UserSettings,
)

Table = dict[str, Any]
Section = TypeVar("Section", Limits, Budget, SpecSettings)

PROJECT_KEYS = ("agent", "agents", "gates", "limits", "budget", "slots", "spec", "lint")
USER_KEYS = ("trusted", "sandbox", "agents", "limits", "schedule", "key_command", "sleep", "notify")
USER_ALONE = ("notify", "trusted")
"""What a project's file is told of, where it holds them."""
NO_TOML = "This is not TOML:"
REPORTS = ("junit", "sarif")
GATE_KEYS = tuple(field.name for field in fields(Gate) if field.name not in {"name", "fault"})
MOST_PROBLEMS = 20
"""Told of one file."""
GATE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""A gate's name is a word of `gates:` in specs, where a leading `-` leaves it out, and the name of a folder."""

HOST = re.compile(r"(?=[^:]{1,253}(:|\Z))([A-Za-z0-9_-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{0,62}(:[0-9]{1,5})?")
"""A name with a dot in it, never an address."""
RULE = re.compile(r"SPEC\d{3}")
SERVICE = re.compile(r"localhost:[0-9]{1,5}")


@lru_cache(64)  # admission asks for each task that waits, and all of them have the same few texts
def project(text: str) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings of `specwright.toml`. A file that is no TOML gives the defaults and one problem."""
    reader, table = _begin(text)
    for key in USER_ALONE:
        if key in table:
            reader.report(f"'{key}' counts only in your own config.toml; it is left out.", key)
    reader.known({key: value for key, value in table.items() if key not in USER_ALONE}, PROJECT_KEYS, "")
    settings = Settings(
        agent=reader.text(table, "agent", ""),
        agents=reader.agents(reader.table(table, "agents")),
        gates=reader.gates(reader.table(table, "gates")),
        limits=reader.section(Limits, reader.table(table, "limits"), "limits"),
        budget=reader.section(Budget, reader.table(table, "budget"), "budget"),
        slots=reader.slots(reader.table(table, "slots")),
        spec=reader.section(SpecSettings, reader.table(table, "spec"), "spec"),
        lint=reader.lint(reader.table(table, "lint")),
    )
    return settings, tuple(reader.problems)


def user(text: str) -> tuple[UserSettings, tuple[Problem, ...]]:
    """Settings of the user's own `config.toml`."""
    reader, table = _begin(text)
    reader.known(table, USER_KEYS, "")
    sandbox = reader.table(table, "sandbox")
    reader.known(sandbox, ("mode", "roots", "env", "caches", "memory_gb", "processes"), "sandbox")
    notify = reader.table(table, "notify")
    reader.known(notify, ("desktop", "webhook", "secret_command"), "notify")
    anthropic = reader.table(reader.table(table, "agents"), "anthropic")
    settings = UserSettings(
        sandbox=reader.mode(sandbox),
        roots=reader.words(sandbox, "roots", "sandbox"),
        environment=reader.words(sandbox, "env", "sandbox"),
        caches=reader.caches(sandbox),
        memory_gb=reader.number(sandbox, "memory_gb", "sandbox", UserSettings().memory_gb),
        processes=reader.number(sandbox, "processes", "sandbox", UserSettings().processes),
        trusted=reader.branches(table),
        key_command=reader.command(table, "key_command", ""),
        base_url=reader.text(anthropic, "base_url", "agents.anthropic"),
        sleep=reader.sleep(table),
        running=reader.number(reader.table(table, "limits"), "running", "limits", UserSettings().running),
        free_gb=reader.number(reader.table(table, "limits"), "free_gb", "limits", UserSettings().free_gb),
        quiet=reader.hours(reader.table(table, "schedule")),
        desktop=reader.flag(notify, "desktop", "notify"),
        webhook=reader.address(notify, "webhook", "notify"),
        secret_command=reader.command(notify, "secret_command", "notify"),
    )
    return settings, tuple(reader.problems)


def _begin(text: str) -> tuple["_Reader", Table]:
    reader = _Reader(text)
    try:
        return reader, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reader.problems.append(Problem(f"{NO_TOML} {error}.", reader.line_in(str(error)), refuses=True))
    except RecursionError:
        reader.problems.append(Problem(f"{NO_TOML} it is nested too deeply.", None, refuses=True))
    return reader, {}


class _Reader:
    """Collects problems while values are taken out of tables."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.problems: list[Problem] = []

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that more is not looked at: a line is looked for in the whole file."""
        return len(self.problems) >= MOST_PROBLEMS

    def known(self, table: Table, names: tuple[str, ...], where: str) -> None:
        """Report each key that is not one of `names`, with the nearest one."""
        for key in table:
            if key not in names and not self.is_full:
                near = get_close_matches(key, names, 1)
                hint = f" Did you mean '{near[0]}'?" if near else f" Known are: {', '.join(names)}."
                self.report(f"Unknown key '{_join(where, key)}'.{hint}", key)

    def report(self, message: str, key: str, *, refuses: bool = False) -> None:
        """The first that refuses the file is always told."""
        if self.is_full and (not refuses or any(problem.refuses for problem in self.problems)):
            return
        self.problems.append(Problem(message, self.line_of(key), refuses))

    def table(self, table: Table, key: str) -> Table:
        value = table.get(key, {})
        if isinstance(value, dict):
            return value
        self.report(f"'{key}' must be a table, [{key}]; it is left out.", key)
        return {}

    def text(self, table: Table, key: str, where: str) -> str | None:
        value = table.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self.report(f"'{_join(where, key)}' must be a text that is not empty; it is left out.", key)
        return None

    def address(self, table: Table, key: str, where: str) -> str | None:
        """An http or https address. It may hold a secret, so the problem does not repeat it."""
        value = self.text(table, key, where)
        try:
            parts = urlsplit(value or "")
        except ValueError:
            parts = urlsplit("")
        if value is None or (parts.scheme in {"http", "https"} and parts.hostname):
            return value
        self.report(f"'{_join(where, key)}' must be an http or https address; it is left out.", key)
        return None

    def number(self, table: Table, key: str, where: str, default: int) -> int:
        value = table.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.report(f"'{_join(where, key)}' must be a whole number, 0 or more; {default} is used.", key)
        return default

    def amount(self, table: Table, key: str, where: str, default: float) -> float:
        value = table[key]
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return float(value)
        self.report(f"'{_join(where, key)}' must be a number, 0 or more; {default:g} is used.", key)
        return default

    def words(self, table: Table, key: str, where: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        self.report(f"'{_join(where, key)}' must be a list of texts; it is left out.", key)
        return ()

    def command(self, table: Table, key: str, where: str) -> tuple[str, ...]:
        """A string is split like a shell's words, a list is taken as it is."""
        value = table.get(key)
        if isinstance(value, list):
            return self.words(table, key, where)
        if value is None:
            return ()
        try:
            return tuple(shlex.split(value))
        except (ValueError, AttributeError, TypeError) as error:
            self.report(f"'{_join(where, key)}' is no command: {error}.", key)
            return ()

    def hours(self, table: Table) -> tuple[Hours, ...]:
        """`quiet` of a table, each text a span of the day."""
        self.known(table, ("quiet",), "schedule")
        texts = self.words(table, "quiet", "schedule")
        for text in texts:
            if hours(text) is None:
                self.report(
                    f"'schedule.quiet' holds {text!r}, which is no span like \"22:00-07:00\"; it is left out.", "quiet"
                )
        return tuple(found for text in texts if (found := hours(text)))

    def branches(self, table: Table) -> tuple[str, ...]:
        """`trusted`: names that can be a branch's, and not one of ours."""
        names = self.words(table, "trusted", "")
        wrong = {name: why for name in names if (why := branches.problem(name))}
        for name, why in wrong.items():
            self.report(f"'trusted' holds {name!r}, which {why}; it is left out.", "trusted")
        return tuple(name for name in names if name not in wrong)

    def mode(self, table: Table) -> SandboxMode:
        value = table.get("mode", SandboxMode.AUTO)
        if value in set(SandboxMode):
            return SandboxMode(value)
        self.report(f"'sandbox.mode' must be one of {', '.join(SandboxMode)}; 'auto' is used.", "mode")
        return SandboxMode.AUTO

    def caches(self, table: Table) -> Caches:
        value = table.get("caches", Caches.NONE)
        if value in set(Caches):
            return Caches(value)
        self.report(f"'sandbox.caches' must be one of {', '.join(Caches)}; 'none' is used.", "caches")
        return Caches.NONE

    def sleep(self, table: Table) -> Sleep:
        value = table.get("sleep", Sleep.INHIBIT)
        if value in set(Sleep):
            return Sleep(value)
        self.report(f"'sleep' must be one of {', '.join(Sleep)}; 'inhibit' is used.", "sleep")
        return Sleep.INHIBIT

    def agents(self, table: Table) -> tuple[AgentSettings, ...]:
        return tuple(self.agent(name, self.table(table, name)) for name in table)

    def agent(self, name: str, table: Table) -> AgentSettings:
        values = []
        for key, value in table.items():
            if key in {"api_key", "base_url"}:
                self.report(f"'agents.{name}.{key}' counts only in your own config.toml; it is left out.", key)
            elif isinstance(value, str | int | float):
                values.append((key, str(value)))
            else:
                self.report(f"'agents.{name}.{key}' must be a text or a number; it is left out.", key)
        return AgentSettings(name, tuple(values))

    def gates(self, table: Table) -> tuple[Gate, ...]:
        gates = (self.gate(name, self.table(table, name)) for name in table)
        return tuple(gate for gate in gates if gate)

    def gate(self, name: str, table: Table) -> Gate | None:
        where = f"gates.{name}"
        if not GATE_NAME.fullmatch(name):
            rule = "letters, digits, '-', '_' and '.', and begins with neither '-' nor '.'"
            self.report(f"{name!r} can't name a gate: a name is made of {rule}.", name, refuses=True)
            return None
        self.known(table, GATE_KEYS, where)
        command = self.command(table, "command", where)
        if not command:
            fault = f"'{where}' has no command; the gate is an error until it has."
            self.report(fault, name)
            return Gate(name, (), fault=fault)
        return Gate(
            name=name,
            command=command,
            report=self.report_kind(table, where),
            paths=self.words(table, "paths", where),
            cwd=self.inside(table, where),
            timeout=self.number(table, "timeout", where, 600),
            required=self.flag(table, "required", where),
            removable=self.flag(table, "removable", where, False),
            ok_codes=self.codes(table, "ok_codes", where, (0,)),
            finding_codes=self.codes(table, "finding_codes", where, (1,)),
            services=self.matching(table, "services", where, SERVICE, 'a port of this machine, as "localhost:5432"'),
            fault=self.shell_line(table, "command", where),
        )

    def shell_line(self, table: Table, key: str, where: str) -> str:
        """Report a text that a shell would take for more than one command; the sentence, empty where all is well."""
        value = table.get(key)
        found = shell.operator(value) if isinstance(value, str) else None
        if found is None:
            return ""
        what = "a line end" if found == "\n" else found
        message = f'\'{where}.{key}\' holds {what}, but no shell runs it: use a list, ["bash", "-c", …], or quote it.'
        self.report(message, key)
        return message

    def report_kind(self, table: Table, where: str) -> str | None:
        value = self.text(table, "report", where)
        if value is None or value.partition(":")[0] in REPORTS:
            return value
        self.report(f"'{where}.report' must be one of {', '.join(REPORTS)}, each with or without ':PATH'.", "report")
        return None

    def inside(self, table: Table, where: str) -> str:
        value = self.text(table, "cwd", where) or ""
        if value.startswith("/") or ".." in value.split("/"):
            self.report(f"'{where}.cwd' must be a folder inside the repository; the root is used.", "cwd")
            return ""
        return value

    def flag(self, table: Table, key: str, where: str, default: bool = True) -> bool:
        value = table.get(key, default)
        if isinstance(value, bool):
            return value
        self.report(f"'{_join(where, key)}' must be true or false; {str(default).lower()} is used.", key)
        return default

    def codes(self, table: Table, key: str, where: str, default: tuple[int, ...]) -> tuple[int, ...]:
        value = table.get(key, list(default))
        if isinstance(value, list) and all(isinstance(code, int) for code in value):
            return tuple(value)
        self.report(f"'{_join(where, key)}' must be a list of exit codes; {list(default)} is used.", key)
        return default

    def lint(self, table: Table) -> Lint:
        self.known(table, ("rules", "lang"), "lint")
        levels = self.table(table, "rules")
        rules = tuple((code, level) for code, level in levels.items() if self.is_level(code, level))
        return Lint(rules, self.text(table, "lang", "lint") or "")

    def is_level(self, code: str, level: object) -> bool:
        """Whether a rule may be set so; what is wrong is reported."""
        if not RULE.fullmatch(code):
            self.report(f"'lint.rules.{code}' is no code of a rule, such as SPEC203; it is left out.", code)
        elif level not in LEVELS:
            self.report(f"'lint.rules.{code}' must be one of {', '.join(LEVELS)}; it is left out.", code)
        elif code in FIXED_RULES and level not in {"error", "on"}:
            self.report(f"{code} is always an error; 'lint.rules.{code}' is left out.", code)
        else:
            return True
        return False

    def slots(self, table: Table) -> Slots:
        self.known(table, ("setup", "hosts", "disk_gb"), "slots")
        self.shell_line(table, "setup", "slots")
        return Slots(
            setup=self.command(table, "setup", "slots"),
            hosts=self.matching(table, "hosts", "slots", HOST, 'the name of a host, as "pypi.org" or "pypi.org:443"'),
            disk_gb=self.number(table, "disk_gb", "slots", Slots().disk_gb),
        )

    def matching(self, table: Table, key: str, where: str, pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
        """Texts of one form; others are reported."""
        texts = self.words(table, key, where)
        for text in texts:
            if not pattern.fullmatch(text) or not _is_port(text):
                self.report(f"'{_join(where, key)}' holds {text!r}, which is not {what}; it is left out.", key)
        return tuple(text for text in texts if pattern.fullmatch(text) and _is_port(text))

    def section(self, kind: type[Section], table: Table, where: str) -> Section:
        """A table whose keys are a dataclass's fields, each checked against its default's type."""
        default = kind()
        names = tuple(field.name for field in fields(kind))
        self.known(table, names, where)
        values = {name: self.like(table, name, where, getattr(default, name)) for name in names}
        return replace(default, **values)

    def like(self, table: Table, key: str, where: str, default: object) -> Any:
        if key not in table:
            return default
        match default:
            case int():
                return self.number(table, key, where, default)
            case float():
                return self.amount(table, key, where, default)
            case tuple():
                return self.words(table, key, where) or default
            case _:
                return self.text(table, key, where) or default

    def line_of(self, key: str) -> int | None:
        """The first line that names the key, from 1."""
        for number, line in enumerate(self.lines, 1):
            if line.split("#")[0].strip().strip("[]").split("=")[0].strip().split(".")[-1].strip('"') == key:
                return number
        return None

    def line_in(self, message: str) -> int | None:
        """The line that tomllib names in its message."""
        digits = message.partition("line ")[2].partition(",")[0]
        return int(digits) if digits.isdecimal() else None


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _is_port(text: str) -> bool:
    """Whether what a text has behind its colon is a port; without one it is all right too."""
    _, colon, port = text.partition(":")
    return not colon or 0 < int(port) < 2**16
