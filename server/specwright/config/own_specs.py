"""Reads `[spec]`: the words that begin a spec, the files that are one, and the languages of the project."""

import re
from collections.abc import Iterator

from specwright.config.reader import Reader, Table
from specwright.config.settings import LanguageSettings, SpecSettings

WORD = re.compile(r"[a-z][a-z0-9-]{0,19}!")
NAME = re.compile(r"[A-Za-z0-9_.+#-]{1,40}")
SIGN = re.compile(r"[^\s\w]{1,8}|[A-Za-z]{1,8}")
PAIR = re.compile(r"(\S{1,8})[ ](\S{1,8})")
FILE = re.compile(r"[^\s/]{1,100}")
TEST = re.compile(r"(?!/|.*\.\.)(?:[^\s{}]|\{(?:folder|stem|suffix)\}){1,200}")
QUOTE = re.compile(r"[^\s\w\\]{1,8}")
KEYS = ("files", "line", "block", "strings")


def spec_settings(reader: Reader, table: Table) -> SpecSettings:
    """The settings of a table, with a default for each that is left out or wrong."""
    usual = SpecSettings()
    reader.known(table, ("markers", "files", "on_accept", "languages", "tests"), "spec")
    languages = reader.table(table, "languages", "spec")
    return SpecSettings(
        markers=_markers(reader, table),
        files=reader.words(table, "files", "spec") if "files" in table else usual.files,
        on_accept=_on_accept(reader, table),
        languages=tuple(_languages(reader, languages)),
        tests=_fitting(reader, table, "tests", "spec", TEST),
    )


def _markers(reader: Reader, table: Table) -> tuple[str, ...]:
    """`spec!` always counts, and the first other word."""
    usual = SpecSettings().markers
    more = [word for word in reader.words(table, "markers", "spec") if word not in usual]
    wrong = [word for word in more if not WORD.fullmatch(word)]
    for word in wrong:
        rule = "lower-case letters, digits and '-', and ends in '!'"
        reader.report(
            f"'spec.markers' holds {word!r}: a marker word is made of {rule}; it is left out.", "spec", "markers"
        )
    good = [word for word in more if word not in wrong]
    if len(good) > 1:
        reader.report("'spec.markers' may hold one word besides 'spec!'; the first of them counts.", "spec", "markers")
    return (*usual, *good[:1])


def _on_accept(reader: Reader, table: Table) -> str:
    value = table.get("on_accept", "remove")
    if isinstance(value, str) and value in {"remove", "keep"}:
        return value
    reader.report("'spec.on_accept' must be one of remove, keep; 'remove' is used.", "spec", "on_accept")
    return "remove"


def _languages(reader: Reader, table: Table) -> Iterator[LanguageSettings]:
    for name in table:
        entry, where = reader.table(table, name, "spec.languages"), f"spec.languages.{name}"
        if not NAME.fullmatch(name):
            reader.report(f"{name!r} can't be the id of a language; it is left out.", where)
            continue
        reader.known(entry, KEYS, where)
        yield LanguageSettings(
            id=name,
            files=_fitting(reader, entry, "files", where, FILE),
            line=_fitting(reader, entry, "line", where, SIGN),
            block=tuple(_pair(text) for text in _fitting(reader, entry, "block", where, PAIR)),
            strings=_fitting(reader, entry, "strings", where, QUOTE),
        )


def _pair(text: str) -> tuple[str, str]:
    opener, _, closer = text.partition(" ")
    return opener, closer


def _fitting(reader: Reader, table: Table, key: str, where: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Texts of one form; others are reported."""
    texts = reader.words(table, key, where)
    for text in texts:
        if not pattern.fullmatch(text):
            reader.report(f"'{where}.{key}' holds {text!r}, which can't be one; it is left out.", where, key)
    return tuple(text for text in texts if pattern.fullmatch(text))
