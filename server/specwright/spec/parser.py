"""Finds and reads the specs of a text. Never fails: what is wrong comes back as problems."""

from collections.abc import Sequence

from specwright.spec.builder import specs_in
from specwright.spec.carriers import Piece, scan
from specwright.spec.code import State
from specwright.spec.globs import Glob
from specwright.spec.grammar import near
from specwright.spec.languages import Language
from specwright.spec.lines import split_lines
from specwright.spec.markdown import markdown_runs
from specwright.spec.model import Carrier, Problem, Spec
from specwright.spec.runs import Run, comment_run

WORDS = ("spec!",)
FENCE_SIGN = rb"(?:```|~~~)[ \t]*spec\b"
FILES = (Glob(".specs/*.spec.md"),)
"""Paths of files that are one spec as a whole, where the settings say nothing."""
OFF = "spec-ignore-file"
OFF_ROWS = 5
Found = tuple[tuple[Spec, ...], tuple[Problem, ...]]


def parse(
    text: str, language: Language, path: str = "", words: tuple[str, ...] = WORDS, files: tuple[Glob, ...] = FILES
) -> Found:
    """All specs of a text in order, and the problems of their syntax; `files` match paths of those that are one."""
    whole = language.markdown and any(glob.matches(path) for glob in files)
    return parse_lines(split_lines(text), language, words, whole)


def parse_lines(lines: Sequence[str], language: Language, words: tuple[str, ...] = WORDS, whole: bool = False) -> Found:
    """The same for lines with their terminators."""
    if is_off(lines):
        return (), ()
    runs = markdown_runs(lines, words, whole) if language.markdown else comment_runs(lines, language, words)
    specs: list[Spec] = []
    problems: list[Problem] = []
    for run in runs:
        found, wrong = specs_in(run, language.id, words)
        specs += found
        problems += wrong
    return tuple(specs), tuple(problems)


def is_off(lines: Sequence[str]) -> bool:
    """Whether the file says that it is not to be read."""
    return any(OFF in line for line in lines[:OFF_ROWS])


def comment_runs(lines: Sequence[str], language: Language, words: tuple[str, ...]) -> list[Run]:
    """The comments and docstrings that hold a marker word."""
    states: list[State | None] = []
    state = None
    for row, line in enumerate(lines):
        state, _ = scan(language, line, state, row)
        states.append(state)
    runs: list[Run] = []
    signs = (*words, *near(words))
    for row, line in enumerate(lines):
        if any(sign in line for sign in signs) and not (runs and row <= runs[-1].last):
            run = run_at(lines, states, language, row)
            if run:
                runs.append(run)
    return runs


def run_at(lines: Sequence[str], states: Sequence[State | None], language: Language, row: int) -> Run | None:
    """The comment that a row belongs to, whole; None for a row that is code. `states` are those at each line's end."""
    here = _piece(lines, states, language, row)
    if here is None:
        return None
    known, first = [here], row
    while first and (above := _piece(lines, states, language, first - 1)) and _joined(known[-1], above):
        known.append(above)
        first -= 1
    known.reverse()
    while (last := first + len(known)) < len(lines):
        below = _piece(lines, states, language, last)
        if below is None or not _joined(below, known[-1]):
            break
        known.append(below)
    unclosed = known[-1].carrier is not Carrier.LINES and not known[-1].closes
    return comment_run(first, known, unclosed)


def _piece(lines: Sequence[str], states: Sequence[State | None], language: Language, row: int) -> Piece | None:
    return scan(language, lines[row], states[row - 1] if row else None, row)[1]


def _joined(piece: Piece | None, above: Piece | None) -> bool:
    """Whether a piece goes on with the comment of the piece above it."""
    if piece is None or above is None or piece.carrier is not above.carrier:
        return False
    if piece.carrier is Carrier.LINES:
        return piece.leader == above.leader
    return not piece.opens and not above.closes
