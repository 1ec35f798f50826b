"""Takes values out of the tables of a settings file. A bad one is reported and replaced by its default, or left out."""

import re
import shlex
import tomllib
from collections.abc import Callable
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlsplit

from specwright.config.settings import Problem

Table = dict[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)

NO_TOML = "This is not TOML:"
LONGEST = 200_000
"""Characters; settings are a few lines."""
DEEP = re.compile(r"(?:[\w\"'-]{1,40}[ \t]*+\.[ \t]*+){60}")
"""A key that `tomllib` takes quadratic time for."""
BARE = str.maketrans("", "", " \t\r\"'")
LONGEST_NAME = 200
"""Characters of a key with all that leads to it; the line of a longer one is not looked for."""
MOST_PROBLEMS = 20
"""Told of one file."""


def begin(text: str) -> tuple["Reader", Table]:
    """A reader of a file, and its table; empty with a problem where it is no TOML."""
    reader = Reader(text)
    if len(text) > LONGEST or DEEP.search(text):
        what = f"it is over {LONGEST:,} characters" if len(text) > LONGEST else "a key has too many dots"
        reader.problems.append(Problem(f"{NO_TOML} {what}.", None, refuses=True))
        return reader, {}
    try:
        return reader, tomllib.loads(text)
    except ValueError as error:  # also of a number with thousands of digits, which is no TOMLDecodeError
        reader.problems.append(Problem(f"{NO_TOML} {error}.", _line_in(str(error), text), refuses=True))
    except RecursionError:
        reader.problems.append(Problem(f"{NO_TOML} it is nested too deeply.", None, refuses=True))
    return reader, {}


def joined(*names: str) -> str:
    """The full name of a key."""
    return ".".join(filter(None, names))


class Reader:
    """Collects problems while values are taken out of tables; `where` is the name of a table."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self._text = text

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that more is not looked at."""
        return len(self.problems) >= MOST_PROBLEMS

    def report(self, message: str, *names: str, refuses: bool = False) -> None:
        """Of a key by the names that lead to it. The first that refuses the file is always told."""
        if self.is_full and (not refuses or any(problem.refuses for problem in self.problems)):
            return
        self.problems.append(Problem(message, self._line_of(joined(*names)), refuses))

    def known(self, table: Table, names: tuple[str, ...], where: str) -> None:
        """Report each key that is not one of `names`, with the nearest one."""
        for key in table:
            if key not in names and not self.is_full:
                near = get_close_matches(key, names, 1)
                hint = f" Did you mean '{near[0]}'?" if near else f" Known are: {', '.join(names)}."
                self.report(f"Unknown key '{joined(where, key)}'.{hint}", where, key)

    def table(self, table: Table, key: str, where: str = "") -> Table:
        """A table in a table."""
        value = table.get(key, {})
        if isinstance(value, dict):
            return value
        name = joined(where, key)
        self.report(f"'{name}' must be a table, [{name}]; it is left out.", name)
        return {}

    def text(self, table: Table, key: str, where: str) -> str | None:
        """A text that is not empty."""
        value = table.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self.report(f"'{joined(where, key)}' must be a text that is not empty; it is left out.", where, key)
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
        self.report(f"'{joined(where, key)}' must be an http or https address; it is left out.", where, key)
        return None

    def number(self, table: Table, key: str, where: str, default: int) -> int:
        """A whole number."""
        value = table.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.report(f"'{joined(where, key)}' must be a whole number, 0 or more; {default} is used.", where, key)
        return default

    def amount(self, table: Table, key: str, where: str, default: float) -> float:
        """Any number."""
        value = table.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return float(value)
        self.report(f"'{joined(where, key)}' must be a number, 0 or more; {default:g} is used.", where, key)
        return default

    def flag(self, table: Table, key: str, where: str, default: bool = True) -> bool:
        """The default where the file does not say."""
        value = table.get(key, default)
        if isinstance(value, bool):
            return value
        self.report(f"'{joined(where, key)}' must be true or false; {str(default).lower()} is used.", where, key)
        return default

    def one_of(self, table: Table, key: str, where: str, default: Choice) -> Choice:
        """A member of the default's kind."""
        kind = type(default)
        value = table.get(key, default)
        if value in list(kind):
            return kind(value)
        self.report(f"'{joined(where, key)}' must be one of {', '.join(kind)}; '{default}' is used.", where, key)
        return default

    def codes(self, table: Table, key: str, where: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """Exit codes."""
        value = table.get(key, list(default))
        if isinstance(value, list) and all(isinstance(code, int) for code in value):
            return tuple(value)
        self.report(f"'{joined(where, key)}' must be a list of exit codes; {list(default)} is used.", where, key)
        return default

    def words(self, table: Table, key: str, where: str) -> tuple[str, ...]:
        """Texts."""
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        self.report(f"'{joined(where, key)}' must be a list of texts; it is left out.", where, key)
        return ()

    def right(self, table: Table, key: str, where: str, wrong: Callable[[str], str | None]) -> tuple[str, ...]:
        """The texts of which `wrong` says nothing; what it says of others follows on them."""
        texts = self.words(table, key, where)
        told = {text: said for text in texts if (said := wrong(text))}
        for text, said in told.items():
            self.report(f"'{joined(where, key)}' holds {text!r}, which {said}; it is left out.", where, key)
        return tuple(text for text in texts if text not in told)

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
            self.report(f"'{joined(where, key)}' is no command: {error}.", where, key)
            return ()

    def _line_of(self, name: str) -> int | None:
        """The line of a key; of what it stands in, where it has no line of its own."""
        name = name.translate(BARE)[:LONGEST_NAME]
        while name and name not in self._lines:
            name = name.rpartition(".")[0]
        return self._lines.get(name)

    @cached_property
    def _lines(self) -> dict[str, int]:
        """Where each key and table is named first, from 1, without quotes and blanks."""
        found: dict[str, int] = {}
        table = ""
        for number, line in enumerate(self._text.split("\n"), 1):
            bare = line.partition("#")[0].translate(BARE)
            key, is_key, _ = bare.partition("=")
            if not is_key and bare.startswith("[") and bare.endswith("]"):
                table = bare.strip("[]")
            name = joined(table, key if is_key else "")
            while name and len(name) <= LONGEST_NAME:
                found.setdefault(name, number)
                name = name.rpartition(".")[0]
        return found


def _line_in(message: str, text: str) -> int | None:
    """The line that tomllib names in its message."""
    if "end of document" in message:
        return text.rstrip().count("\n") + 1
    digits = message.partition("line ")[2].partition(",")[0]
    return int(digits) if digits.isdecimal() else None
