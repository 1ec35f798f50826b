"""Makes a small repository with one commit, for the demo; never touches one that is there."""

from collections.abc import Mapping
from pathlib import Path

from specwright.errors import WrongUse
from specwright.git.run import run_plain


def make_repository(root: Path, files: Mapping[str, str]) -> None:
    """A new folder with these files, committed. Raises `WrongUse` where something is there already."""
    if root.exists():
        raise WrongUse(f"{root} exists already; nothing was made.")
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    run_plain(root, "init", "-q")
    run_plain(root, "add", "-A")
    run_plain(root, "-c", "user.name=Demo", "-c", "user.email=demo@localhost", "commit", "-qm", "Begin")
