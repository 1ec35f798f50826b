"""Which tables and keys a settings file has: from its text to values and problems."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, TypeVar

from specwright.config import branches, shell
from specwright.config.hours import Hours, hours
from specwright.config.own_specs import spec_settings
from specwright.config.reader import Reader, Table, begin
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
    UserSettings,
)

Section = TypeVar("Section", Limits, Budget)

PROJECT_KEYS = ("agent", "agents", "gates", "limits", "budget", "slots", "spec", "lint")
USER_KEYS = ("trusted", "sandbox", "agents", "limits", "schedule", "key_command", "sleep", "notify")
USER_ALONE = ("notify", "trusted")
"""What a project's file is told of, where it holds them."""
REPORTS = ("junit", "sarif")
GATE_KEYS = tuple(field.name for field in fields(Gate) if field.name not in {"name", "fault"})
GATE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""A gate's name is a word of `gates:` in specs, where a leading `-` leaves it out, and the name of a folder."""

HOST = re.compile(r"(?=[^:]{1,253}(:|\Z))([A-Za-z0-9_-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{0,62}(:[0-9]{1,5})?")
"""A name with a dot in it, never an address."""
RULE = re.compile(r"SPEC\d{3}")
SERVICE = re.compile(r"localhost:[0-9]{1,5}")


@lru_cache(64)  # admission asks for each task that waits, and all of them have the same few texts
def project(text: str) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings of `specwright.toml`. A file that is no TOML gives the defaults and one problem."""
    reader, table = begin(text)
    for key in USER_ALONE:
        if key in table:
            reader.report(f"'{key}' counts only in your own config.toml; it is left out.", key)
    reader.known({key: value for key, value in table.items() if key not in USER_ALONE}, PROJECT_KEYS, "")
    settings = Settings(
        agent=reader.text(table, "agent", ""),
        agents=_agents(reader, reader.table(table, "agents")),
        gates=_gates(reader, reader.table(table, "gates")),
        limits=_section(reader, Limits, reader.table(table, "limits"), "limits"),
        budget=_section(reader, Budget, reader.table(table, "budget"), "budget"),
        slots=_slots(reader, reader.table(table, "slots")),
        spec=spec_settings(reader, reader.table(table, "spec")),
        lint=_lint(reader, reader.table(table, "lint")),
    )
    return settings, tuple(reader.problems)


def user(text: str) -> tuple[UserSettings, tuple[Problem, ...]]:
    """Settings of the user's own `config.toml`."""
    reader, table = begin(text)
    reader.known(table, USER_KEYS, "")
    sandbox = reader.table(table, "sandbox")
    reader.known(sandbox, ("mode", "roots", "env", "caches", "memory_gb", "processes"), "sandbox")
    notify = reader.table(table, "notify")
    reader.known(notify, ("desktop", "webhook", "secret_command"), "notify")
    anthropic = reader.table(reader.table(table, "agents"), "anthropic", "agents")
    settings = UserSettings(
        sandbox=reader.one_of(sandbox, "mode", "sandbox", SandboxMode.AUTO),
        roots=reader.words(sandbox, "roots", "sandbox"),
        environment=reader.words(sandbox, "env", "sandbox"),
        caches=reader.one_of(sandbox, "caches", "sandbox", Caches.NONE),
        memory_gb=reader.number(sandbox, "memory_gb", "sandbox", UserSettings().memory_gb),
        processes=reader.number(sandbox, "processes", "sandbox", UserSettings().processes),
        trusted=reader.right(table, "trusted", "", branches.problem),
        key_command=reader.command(table, "key_command", ""),
        base_url=reader.text(anthropic, "base_url", "agents.anthropic"),
        sleep=reader.one_of(table, "sleep", "", Sleep.INHIBIT),
        running=reader.number(reader.table(table, "limits"), "running", "limits", UserSettings().running),
        free_gb=reader.number(reader.table(table, "limits"), "free_gb", "limits", UserSettings().free_gb),
        quiet=_quiet(reader, reader.table(table, "schedule")),
        desktop=reader.flag(notify, "desktop", "notify"),
        webhook=reader.address(notify, "webhook", "notify"),
        secret_command=reader.command(notify, "secret_command", "notify"),
    )
    return settings, tuple(reader.problems)


def _quiet(reader: Reader, table: Table) -> tuple[Hours, ...]:
    reader.known(table, ("quiet",), "schedule")
    no_span = 'is no span like "22:00-07:00"'
    texts = reader.right(table, "quiet", "schedule", lambda text: None if hours(text) else no_span)
    return tuple(found for text in texts if (found := hours(text)))


def _agents(reader: Reader, table: Table) -> tuple[AgentSettings, ...]:
    return tuple(_agent(reader, name, reader.table(table, name, "agents")) for name in table)


def _agent(reader: Reader, name: str, table: Table) -> AgentSettings:
    values = []
    for key, value in table.items():
        if key in {"api_key", "base_url"}:
            reader.report(
                f"'agents.{name}.{key}' counts only in your own config.toml; it is left out.", "agents", name, key
            )
        elif isinstance(value, str | int | float):
            values.append((key, str(value)))
        else:
            reader.report(f"'agents.{name}.{key}' must be a text or a number; it is left out.", "agents", name, key)
    return AgentSettings(name, tuple(values))


def _gates(reader: Reader, table: Table) -> tuple[Gate, ...]:
    gates = (_gate(reader, name, reader.table(table, name, "gates")) for name in table)
    return tuple(gate for gate in gates if gate)


def _gate(reader: Reader, name: str, table: Table) -> Gate | None:
    where = f"gates.{name}"
    if not GATE_NAME.fullmatch(name):
        rule = "letters, digits, '-', '_' and '.', and begins with neither '-' nor '.'"
        reader.report(f"{name!r} can't name a gate: a name is made of {rule}.", where, refuses=True)
        return None
    reader.known(table, GATE_KEYS, where)
    command = reader.command(table, "command", where)
    if not command:
        fault = f"'{where}' has no command; the gate is an error until it has."
        reader.report(fault, where)
        return Gate(name, (), fault=fault)
    return Gate(
        name=name,
        command=command,
        report=_report(reader, table, where),
        paths=reader.words(table, "paths", where),
        cwd=_cwd(reader, table, where),
        timeout=reader.number(table, "timeout", where, 600),
        required=reader.flag(table, "required", where),
        removable=reader.flag(table, "removable", where, False),
        ok_codes=reader.codes(table, "ok_codes", where, (0,)),
        finding_codes=reader.codes(table, "finding_codes", where, (1,)),
        services=reader.right(table, "services", where, _no(SERVICE, 'a port of this machine, as "localhost:5432"')),
        fault=_shell_line(reader, table, "command", where),
    )


def _report(reader: Reader, table: Table, where: str) -> str | None:
    value = reader.text(table, "report", where)
    if value is None or value.partition(":")[0] in REPORTS:
        return value
    reader.report(
        f"'{where}.report' must be one of {', '.join(REPORTS)}, each with or without ':PATH'.", where, "report"
    )
    return None


def _cwd(reader: Reader, table: Table, where: str) -> str:
    value = reader.text(table, "cwd", where) or ""
    if value.startswith("/") or ".." in value.split("/"):
        reader.report(f"'{where}.cwd' must be a folder inside the repository; the root is used.", where, "cwd")
        return ""
    return value


def _shell_line(reader: Reader, table: Table, key: str, where: str) -> str:
    """Report a text that a shell would take for more than one command; the sentence, empty where all is well."""
    value = table.get(key)
    found = shell.operator(value) if isinstance(value, str) else None
    if found is None:
        return ""
    what = "a line end" if found == "\n" else found
    message = f'\'{where}.{key}\' holds {what}, but no shell runs it: use a list, ["bash", "-c", …], or quote it.'
    reader.report(message, where, key)
    return message


def _lint(reader: Reader, table: Table) -> Lint:
    reader.known(table, ("rules", "lang"), "lint")
    levels = reader.table(table, "rules", "lint")
    rules = tuple((code, level) for code, level in levels.items() if _is_level(reader, code, level))
    return Lint(rules, reader.text(table, "lang", "lint") or "")


def _is_level(reader: Reader, code: str, level: object) -> bool:
    """Whether a rule may be set so; what is wrong is reported."""
    where = "lint.rules"
    if not RULE.fullmatch(code):
        reader.report(f"'lint.rules.{code}' is no code of a rule, such as SPEC203; it is left out.", where, code)
    elif level not in LEVELS:
        reader.report(f"'lint.rules.{code}' must be one of {', '.join(LEVELS)}; it is left out.", where, code)
    elif code in FIXED_RULES and level not in {"error", "on"}:
        reader.report(f"{code} is always an error; 'lint.rules.{code}' is left out.", where, code)
    else:
        return True
    return False


def _slots(reader: Reader, table: Table) -> Slots:
    reader.known(table, ("setup", "hosts", "disk_gb"), "slots")
    _shell_line(reader, table, "setup", "slots")
    return Slots(
        setup=reader.command(table, "setup", "slots"),
        hosts=reader.right(table, "hosts", "slots", _no(HOST, 'the name of a host, as "pypi.org" or "pypi.org:443"')),
        disk_gb=reader.number(table, "disk_gb", "slots", Slots().disk_gb),
    )


def _no(pattern: re.Pattern[str], what: str) -> Callable[[str], str | None]:
    """Says of a text that it is not what it should be."""
    return lambda text: None if pattern.fullmatch(text) and _is_port(text) else f"is not {what}"


def _is_port(text: str) -> bool:
    """Whether what a text has behind its colon is a port; without one it is all right too."""
    _, colon, port = text.partition(":")
    return not colon or 0 < int(port) < 2**16


def _section(reader: Reader, kind: type[Section], table: Table, where: str) -> Section:
    """A table whose keys are a dataclass's fields, each checked against its default's type."""
    default = kind()
    names = tuple(field.name for field in fields(kind))
    reader.known(table, names, where)
    return replace(default, **{name: _like(reader, table, name, where, getattr(default, name)) for name in names})


def _like(reader: Reader, table: Table, key: str, where: str, default: object) -> Any:
    match default:
        case int():
            return reader.number(table, key, where, default)
        case float():
            return reader.amount(table, key, where, default)
        case tuple():
            return reader.words(table, key, where) or default
        case _:
            return reader.text(table, key, where) or default
