"""What rules are told of a checkout by the command line: from its files alone, without git or a daemon."""

from collections.abc import Iterable
from pathlib import Path

from specwright.cli.common import seen
from specwright.cli.output import echo
from specwright.config import read
from specwright.config.settings import Settings
from specwright.errors import WrongUse
from specwright.paths.files import read_text
from specwright.paths.scan import files
from specwright.spec.facts import Facts, Known, Tree, caps_of, gates_of
from specwright.tasks.harmless import one_line


def settings_of(root: Path | None) -> Settings:
    """What the checkout's `specwright.toml` says; what it can't mean is told. Raises `WrongUse` for what is no TOML."""
    if root is None:
        return Settings()
    settings, problems = read.project(_text(root, "specwright.toml") or "")
    path = seen(root / "specwright.toml")
    for problem in problems:
        if problem.refuses:
            raise WrongUse(f"{path}: {problem.message} Mend it, then try again.")
        echo(f"note: {path}:{problem.line or 1}: {one_line(problem.message)}", err=True)
    return settings


def facts_of(root: Path | None, known: Iterable[Known], settings: Settings) -> Facts:
    """Facts about the specs that were read, and the checkout that they lie in, if any."""
    return Facts(
        specs=tuple(known),
        tree=tree_of(root) if root else None,
        gates=gates_of(settings) if root else None,
        caps=caps_of(settings) if root else None,
        tests=settings.spec.tests,
    )


def tree_of(root: Path) -> Tree:
    """The files of a checkout that git does not ignore."""
    paths = frozenset(file.path for file in files(str(root)) if file.root == str(root))
    return Tree(paths, lambda path: _text(root, path), lambda path: (root / path).exists())


def _text(root: Path, path: str) -> str | None:
    try:
        return None if (root / path).is_symlink() else read_text(root / path)
    except WrongUse:
        return None
