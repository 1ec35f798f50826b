"""Rules about what is dangerous in a spec: 502 to 504."""

import re
import unicodedata
from collections.abc import Iterator

from specwright.config import shell
from specwright.leaks.find import find
from specwright.spec.model import Point, Problem, Severity, Span
from specwright.spec.rules.look import Look
from specwright.spec.rules.paths import command_span

DANGEROUS = re.compile(r"\$\(|\bcurl\b|\bwget\b|\bsudo\b|\brm\s+-[a-z]*[rf][a-z]*\b")
"""What no check needs, quoted or not."""
NO_ASCII = re.compile(r"[^\x00-\x7f]")
INVISIBLE = frozenset(map(chr, (0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x2800, 0x3164, 0xFFA0)))
JOINERS = "\u200d\u200c"
SELECTOR = "\ufe0f"
EMOJI = frozenset({"So", "Sk"})
JOINED = re.compile(
    r"[\u0600-\u06ff\u0700-\u074f\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1820-\u18aa]"
)
"""Letters of Arabic, Syriac, the scripts of India, Myanmar, Khmer and Mongolian."""
MARK = "\ufeff"
"""Of the order of bytes, at the very beginning of a file; elsewhere it is a space without width."""


def secret(look: Look) -> Iterator[Problem]:
    """SPEC502: what has the format of a key, and as a warning what only looks like a secret.

    With each goes how many rows it has below its first.
    """
    rows = list(look.rows())
    text = "\n".join(" " * start + text[start:] for _, text, start in rows)
    for leak in find(text):
        severity = Severity.ERROR if leak.sure else Severity.WARNING
        message = f"This looks like a secret ({leak.kind}). Specs are sent to the model and stored in git."
        row, column = rows[leak.line - 1][0], leak.column - 1
        end = min(column + leak.end - leak.start, len(rows[leak.line - 1][1]))
        below = text.count("\n", leak.start, leak.end)
        yield Problem("SPEC502", severity, message, Span(Point(row, column), Point(row, end)), (str(below),))


def invisible(look: Look) -> Iterator[Problem]:
    """SPEC503: characters that a reviewer does not see and a model reads."""
    for row, text, start in look.rows():
        for found in NO_ASCII.finditer(text, start):
            is_mark = found[0] == MARK and (row, found.start()) == (0, 0)
            if _is_invisible(found[0]) and not is_mark and not _joins(text, found.start()):
                span = Span(Point(row, found.start()), Point(row, found.end()))
                code = f"U+{ord(found[0]):04X}"
                message = f"Invisible character {code}: reviewers and the model would read different text."
                yield Problem("SPEC503", Severity.ERROR, message, span, (code,))


def shell_in_check(look: Look) -> Iterator[Problem]:
    """SPEC504: a check that wants a shell, or does more than check."""
    for criterion in look.spec.criteria:
        command = criterion.check or ""
        if why := _no_command(command):
            yield Problem("SPEC504", Severity.ERROR, why, command_span(criterion))


def _no_command(command: str) -> str:
    """Why it can't be run as a list of words; empty where it can."""
    if shell.operator(command) or DANGEROUS.search(command):
        return "A check is a single command run in the worktree. Name a make target or a script instead."
    if name := shell.variable(command):
        return f"A check is run without a shell, which would have to fill in '{name}'. Name a script instead."
    return "" if shell.is_closed(command) else "A quote in this check is not closed."


def _joins(text: str, at: int) -> bool:
    """Whether a joiner is a part of the writing: in an emoji of several, or between letters of a script that has them.

    https://www.unicode.org/reports/tr31/#Layout_and_Format_Control_Characters
    """
    before, after = text[:at].rstrip(SELECTOR)[-1:], text[at + 1 : at + 2]
    if text[at] not in JOINERS or not before or not after:
        return False
    is_emoji = text[at] == JOINERS[0] and all(unicodedata.category(each) in EMOJI for each in (before, after))
    return is_emoji or all(JOINED.match(each) is not None for each in (before, after))


def _is_invisible(character: str) -> bool:
    if character in INVISIBLE:
        return True
    point = ord(character)
    is_selector = 0xFE00 <= point <= 0xFE0F
    is_further = 0xE0100 <= point <= 0xE01EF
    return is_further or (unicodedata.category(character) in {"Cf", "Co", "Cn"} and not is_selector)
