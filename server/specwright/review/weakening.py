"""What in a change makes a check say less: lines that silence one, and tests that are gone. Told, never judged."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from specwright.review.hunks import FileResult, Hunk, HunkKind, sides_of

SILENCERS = {
    "py pyi": r"#\s*noqa\b|#\s*type:\s*ignore|#\s*pyright:\s*ignore|#\s*mypy:|#\s*pylint:\s*disable|#\s*nosec\b"
    r"|#\s*pragma:\s*no\s*cover|#\s*ruff:\s*noqa|#\s*fmt:\s*off|\bpytest\.mark\.(skip|xfail)|\bpytest\.(skip|xfail)\("
    r"|\bunittest\.(skip|expectedFailure)|\bself\.skipTest\(",
    "js jsx cjs mjs ts tsx cts mts vue svelte": r"eslint-disable|@ts-(ignore|nocheck|expect-error)|biome-ignore"
    r"|(istanbul|c8|v8) ignore|\b(it|test|describe|context)\.(skip|only|todo|fails)\b"
    r"|\b(xit|xtest|xdescribe|fit|fdescribe)\(",
    "rs": r"#!?\[(ignore|allow|cfg_attr\([^)\n]{0,100}ignore|expect)\b",
    "go": r"//\s*nolint\b|//\s*#nosec|\b[tb]\.Skip(f|Now)?\(",
    "java kt kts scala groovy": r"@(Disabled|Ignore|SuppressWarnings|Suppress)\b|NOSONAR|NOPMD",
    "rb": r"#\s*rubocop:\s*disable|^[ \t]*(xit|xdescribe|xcontext|pending|skip)\b|#\s*:nocov:",
    "php": r"@phpstan-ignore|@psalm-suppress|phpcs:(ignore|disable)|markTestSkipped|markTestIncomplete",
    "cs fs vb": r"#pragma\s+warning\s+disable|\[(Ignore|SuppressMessage)\b|\bSkip\s*=\s*\"",
    "c h cc cpp cxx hpp hh": r"\bNOLINT|#pragma\s+(GCC|clang)\s+diagnostic\s+ignored|\bGTEST_SKIP\b|\bDISABLED_\w+",
    "swift": r"swiftlint:disable|\bXCTSkip",
    "sh bash zsh": r"#\s*shellcheck\s+disable|^[ \t]*skip\b",
}
"""By the endings of files: what on a line keeps a check from saying something."""
TESTS = {
    "py": r"^[ \t]*(async[ \t]+)?def[ \t]+test\w*\(",
    "js jsx cjs mjs ts tsx cts mts vue svelte": r"^[ \t]*(it|test)(\.\w+)*\(",
    "rs": r"^[ \t]*#\[(\w+::)*test\b",
    "go": r"^func\s+(Test|Fuzz|Example)\w*\(",
    "java kt kts scala groovy": r"^[ \t]*@(Test|ParameterizedTest|RepeatedTest|Property)\b",
    "rb": r"^[ \t]*(it|specify|scenario|test)\b|^[ \t]*def\s+test_",
    "php": r"function\s+test\w*\(|#\[Test\]",
    "cs fs vb": r"^[ \t]*\[(Fact|Theory|Test|TestMethod|TestCase)\b",
    "c h cc cpp cxx hpp hh": r"^[ \t]*(TEST|TEST_F|TEST_P|TEST_CASE)\(",
    "swift": r"^[ \t]*func\s+test\w*\(",
    "sh bash bats": r"^[ \t]*(@test\b|test_\w+\s*\(\))",
}
"""By the endings of files: the line with which a test begins."""
SHOWN = 60
"""Characters of what silences a check."""


@dataclass(frozen=True, slots=True)
class Weakened:
    """One thing, and the line of the result that it stands on, from 1; None where it is a matter of the whole file."""

    message: str
    line: int | None = None


def weakened(file: FileResult, hunks: Iterable[Hunk]) -> tuple[Weakened, ...]:
    """What in a file's change makes a check say less: the whole file's first, then by lines."""
    if file.opaque:
        return ()
    return (*_fewer_tests(file), *_silenced(file, hunks))


def _fewer_tests(file: FileResult) -> Iterator[Weakened]:
    pattern = _pattern(TESTS, file.old_path or file.path)
    if pattern is None or file.base is None:
        return
    before, after = (len(pattern.findall(text or "")) for text in (file.base, file.result))
    if after < before:
        gone = before - after
        yield Weakened(f"{gone} test{'s' * (gone != 1)} fewer in this file than before")


def _silenced(file: FileResult, hunks: Iterable[Hunk]) -> Iterator[Weakened]:
    """Only on lines that are new; what the lines in their place held before is nothing new."""
    pattern = _pattern(SILENCERS, file.path)
    if pattern is None:
        return
    sides = sides_of(file)
    for hunk in hunks:
        if hunk.kind not in {HunkKind.TEXT, HunkKind.CREATED}:
            continue
        known = {found[0] for line in sides.base[hunk.old_start : hunk.old_end] for found in pattern.finditer(line)}
        for at in range(hunk.new_start, hunk.new_end):
            found = pattern.search(sides.result[at])
            if found and found[0] not in known:
                line = sides.result_gap.outer(at, at + 1)[0] + 1
                yield Weakened(f"a check is silenced here: {found[0].strip()[:SHOWN]}", line)


def _pattern(table: dict[str, str], path: str) -> re.Pattern[str] | None:
    ending = path.rpartition(".")[2].lower()
    text = next((pattern for endings, pattern in table.items() if ending in endings.split()), None)
    return None if text is None else re.compile(text, re.MULTILINE)
