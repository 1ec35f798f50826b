"""Edits of whole lines, as a view turns them into its editor's own kind."""

from collections.abc import Iterable, Sequence

from specwright.spec.edit import LineEdit


def applied(lines: Sequence[str], edits: Iterable[LineEdit]) -> list[str]:
    """The text after the edits, which stand from bottom to top and do not overlap."""
    text = list(lines)
    for edit in edits:
        text[edit.start : edit.end] = edit.lines
    return text


def joined(edits: Iterable[LineEdit]) -> list[LineEdit]:
    """The same edits from bottom to top, those that touch made one; no two may insert at one place."""
    done: list[LineEdit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if done and done[-1].end == edit.start:
            upper = done.pop()
            edit = LineEdit(upper.start, edit.end, upper.lines + edit.lines)
        done.append(edit)
    done.reverse()
    return done
