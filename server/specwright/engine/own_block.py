"""Comparing a task's base and result with its own spec block left out."""

from specwright.config import read
from specwright.git import private, trees
from specwright.review.block import without
from specwright.spec.lines import split_lines
from specwright.spec.own import Own, block
from specwright.spec.reading import Reading
from specwright.tasks.model import Task


def own(task: Task) -> Own:
    """How a task knows its spec again."""
    place, revision = task.wish.place, task.wish.revision
    settings, _ = read.project(task.wish.settings)
    return Own(place.path, revision.digest, revision.title, revision.handle, place.language, Reading(settings.spec))


def lines_without(text: str, path: str, task: Task) -> list[str]:
    """The lines of a text with the task's own block taken out."""
    lines, _ = without(split_lines(text), block(own(task), path, text))
    return list(lines)


def text_without(repository: private.PrivateRepository, task: Task, commit: str) -> str | None:
    """The text of the spec's file without the block; None where it is no text."""
    path = task.wish.place.path
    text = trees.text(repository, commit, path)
    return None if text is None else "".join(lines_without(text, path, task))


def nothing_else(repository: private.PrivateRepository, task: Task, commit: str) -> bool:
    """Whether a commit's tree equals the base's in texts and modes, the task's own block aside."""
    changes = trees.changed(repository, task.wish.base, commit)
    if any(change.path != task.wish.place.path or change.modes[0] != change.modes[1] for change in changes):
        return False
    return all(same(repository, task, commit, change.path) for change in changes)


def same(repository: private.PrivateRepository, task: Task, commit: str, path: str) -> bool:
    """Whether a text is the base's, the block aside."""
    base = trees.text(repository, task.wish.base, path)
    result = trees.text(repository, commit, path)
    if base is None or result is None:
        return False
    return lines_without(base, path, task) == lines_without(result, path, task)
