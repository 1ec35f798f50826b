"""How the texts of a project are read, as its settings say: which words begin a spec, which files are one as a whole,
and which languages there are besides the table's."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from specwright.config.settings import LanguageSettings, SpecSettings
from specwright.spec.globs import Glob
from specwright.spec.languages import Language, language_of
from specwright.spec.parser import FENCE_SIGN, Found, parse
from specwright.spec.table import Block, Long, Row


@dataclass(frozen=True)
class Reading:
    """What a project says of the texts that hold its specs. Equal settings read equally."""

    settings: SpecSettings = field(default_factory=SpecSettings)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that begin a spec."""
        return self.settings.markers

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The project's own languages."""
        return tuple(map(_row, self.settings.languages))

    @cached_property
    def sign(self) -> re.Pattern[bytes]:
        """What is somewhere in every file with specs but those of `is_whole`."""
        words = b"|".join(re.escape(word.encode()) for word in self.words)
        return re.compile(words + b"|" + FENCE_SIGN)

    @cached_property
    def _globs(self) -> tuple[Glob, ...]:
        return tuple(map(Glob, self.settings.files))

    def language(self, path: str, language_id: str | None = None) -> Language:
        """The language of a text."""
        return language_of(path, language_id, self.rows)

    def is_whole(self, path: str) -> bool:
        """Whether a file, by its path below the root, may be one spec as a whole."""
        return any(glob.matches(path) for glob in self._globs)

    def parse(self, text: str, path: str, language_id: str | None = None) -> Found:
        """All specs of a text in order, and the problems of their syntax."""
        return parse(text, self.language(path, language_id), path, self.words, self._globs)


USUAL = Reading()
"""Without settings."""


def _row(settings: LanguageSettings) -> Row:
    blocks = tuple(Block(opener, closer) for opener, closer in settings.block)
    short = tuple(_short(quote) for quote in settings.strings if len(quote) == 1 and quote != "`")
    longs = tuple(_long(quote) for quote in settings.strings if len(quote) > 1 or quote == "`")
    files: list[str] = []
    names: list[str] = []
    for name in settings.files:
        (files if name.startswith(".") else names).append(name.removeprefix("."))
    return Row(settings.id, " ".join(files), settings.line, blocks, short, longs, names=" ".join(names))


def _short(quote: str) -> str:
    sign = re.escape(quote)
    return rf"{sign}(?:\\.|[^{sign}\\])*+{sign}?"


def _long(quote: str) -> Long:
    return Long(re.escape(quote), re.escape(quote), r"\\.")
