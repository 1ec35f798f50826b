"""Comparing a task's base and result with its own spec block left out."""

from specwright.config import read
from specwright.git import private, trees
from specwright.review.block import without
from specwright.review.own import blocks
from specwright.spec.lines import split_lines
from specwright.spec.own import Own
from specwright.spec.reading import Reading
from specwright.tasks.model import Task


def own(task: Task) -> Own:
    """How a task knows its spec again."""
    place, revision = task.wish.place, task.wish.revision
    settings, _ = read.project(task.wish.settings)
    return Own(
        place.path,
        revision.digest,
        revision.title,
        revision.handle,
        place.language,
        Reading(settings.spec),
        unread=revision.unread,
    )


def text_without(repository: private.PrivateRepository, task: Task, commit: str) -> str | None:
    """The text of the spec's file without the block; None where it is no text."""
    lines = _sides(repository, task, commit, task.wish.place.path)[1]
    return None if lines is None else "".join(lines)


def nothing_else(repository: private.PrivateRepository, task: Task, commit: str) -> bool:
    """Whether a commit's tree equals the base's in texts and modes, the task's own block aside."""
    changes = trees.changed(repository, task.wish.base, commit)
    if any(change.path != task.wish.place.path or change.modes[0] != change.modes[1] for change in changes):
        return False
    return all(same(repository, task, commit, change.path) for change in changes)


def same(repository: private.PrivateRepository, task: Task, commit: str, path: str) -> bool:
    """Whether a text is the base's, the block aside."""
    base, result = _sides(repository, task, commit, path)
    return base is not None and base == result


def _sides(
    repository: private.PrivateRepository, task: Task, commit: str, path: str
) -> tuple[list[str] | None, list[str] | None]:
    """The lines of a file in the base and in a commit with the block taken out; None where it is no text."""
    base, result = (trees.text(repository, each, path) for each in (task.wish.base, commit))
    found = blocks(own(task), (path, base), (path, result))
    return _bare(base, found.base), _bare(result, found.result)


def _bare(text: str | None, block: range | None) -> list[str] | None:
    return None if text is None else without(split_lines(text), block)[0]
