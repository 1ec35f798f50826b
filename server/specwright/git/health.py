"""What is wrong with a project's private repository and with what a task has there; looks only."""

from pathlib import Path

from specwright.git import checkout as checkouts
from specwright.git import making
from specwright.git.private import REFS
from specwright.git.run import Where, attempt
from specwright.paths.places import PRIVATE
from specwright.tasks.model import Checkout


def repository_fault(checkout: Checkout) -> str | None:
    """Why the private repository can't be used as it is; one that was never made is no fault."""
    common_dir = Path(checkout.common_dir)
    path = common_dir / PRIVATE / making.NAME
    if not common_dir.is_dir():
        return f"The repository of {checkout.root} is gone ({common_dir})."
    if not path.exists():
        return None
    if not (path / "HEAD").is_file():
        return f"{path} is no repository any more."
    return None if making.healthy(path) else f"{path} is damaged."


def task_faults(checkout: Checkout, task: str, base: str, head: str | None) -> list[str]:
    """What an open task lacks: its base, or the commit of its result."""
    private = Path(checkout.common_dir) / PRIVATE / making.NAME
    here = Where(private, private) if private.is_dir() else None
    found = []
    if not (here and _holds(here, base)) and not _holds(checkouts.where(checkout), base):
        found.append(f"the base of {task} ({base[:12]}) is in neither repository")
    if head and not (here and _holds(here, head)):
        found.append(f"the result of {task} ({head[:12]}, {REFS}/{task}) is gone")
    return found


def _holds(where: Where, oid: str) -> bool:
    return where.folder.is_dir() and attempt(where, "cat-file", "-e", f"{oid}^{{tree}}").code == 0
