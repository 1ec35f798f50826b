"""Folders outside the system's that a project's programs need: its interpreter and its packages. Each is agreed to."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from specwright.process import which
from specwright.sandbox.environment import SYSTEM

SECRETS = (
    ".ssh",
    ".aws",
    ".azure",
    ".gnupg",
    ".kube",
    ".docker",
    ".netrc",
    ".password-store",
    ".terraform.d",
    ".config/gcloud",
    ".config/gh",
    ".config/glab-cli",
    ".config/op",
    ".local/share/keyrings",
)
"""What a folder must neither hold nor be to be readable in a box; paths below a home folder."""
SHIMS = "shims"
PYTHONS = ("python3", "python", "python.exe")
CONFIG_LIMIT = 100_000
"""Characters of a `pyvenv.cfg` that are read."""


@dataclass(frozen=True, slots=True)
class Root:
    """One folder, and what needs it."""

    path: Path
    why: str


def roots_of(checkout: Path, environment: Mapping[str, str], programs: Iterable[str]) -> tuple[Root, ...]:
    """The folders that programs of a checkout need beyond the system's, in order, none inside another."""
    path = environment.get("PATH", "")
    found = [*_virtual_environments(checkout, environment)]
    for program in dict.fromkeys(["python", "python3", "node", *programs]):
        real = _real_program(program, path, environment.get("PYENV_VERSION", ""))
        if real:
            found += _of_program(program, real)
    return _outermost(root for root in found if not _is_system(root.path) and root.path.is_dir())


def refused(path: Path, hidden: Iterable[Path] = ()) -> str | None:
    """Why a folder is never readable in a box, whatever was agreed; None for one that may be.

    `hidden` are folders that no root may hold or be: the checkout, our own state, slots.
    """
    real = path.resolve()
    home = Path.home().resolve()
    if home.is_relative_to(real):
        return "it holds your home folder"
    if any((real / name).exists() or _overlap(real, home / name) for name in SECRETS):
        return "it holds keys or passwords"
    if (real / ".git").exists():
        return "it is a repository"
    if (real / "specwright.db").exists():
        return "it holds Specwright's own state"
    kept_out = next((folder for folder in hidden if folder.resolve().is_relative_to(real)), None)
    if kept_out is not None:
        return f"it holds {kept_out}"
    return None


def _overlap(real: Path, secret: Path) -> bool:
    """Whether a folder is, lies in or holds a secret of the home folder."""
    place = secret.resolve()
    return real.is_relative_to(place) or (place.is_relative_to(real) and place.exists())


def _virtual_environments(checkout: Path, environment: Mapping[str, str]) -> list[Root]:
    named = [Path(environment[name]) for name in ("VIRTUAL_ENV", "CONDA_PREFIX") if environment.get(name)]
    return [root for place in (*named, checkout / ".venv") for root in _virtual_environment(place)]


def _virtual_environment(place: Path) -> list[Root]:
    """A virtual environment and the interpreter that it was made of."""
    config = place / "pyvenv.cfg"
    if not config.is_file():
        return [Root(place, "environment")] if (place / "conda-meta").is_dir() else []
    home = _home_in(config)
    interpreter = [Root(home.resolve().parent, "its interpreter")] if home else []
    return [Root(place, "virtual environment"), *interpreter]


def _home_in(config: Path) -> Path | None:
    """The folder with a Python that a `pyvenv.cfg` names; None for any other: the file may have come with a clone."""
    with config.open(errors="replace") as file:
        pairs = [line.partition("=") for line in file.read(CONFIG_LIMIT).splitlines()]
    home = next((value.strip() for key, _, value in pairs if key.strip() == "home"), "")
    has_python = any(os.path.isfile(f"{home}/{name}") for name in PYTHONS)  # noqa: PTH113  # text of others: no path, perhaps
    return Path(home) if has_python else None


def _real_program(program: str, path: str, version: str) -> Path | None:
    """Where a program really lies; a version manager's shim leads to this version, or else the one in use."""
    found = which(program, path)
    if found is None:
        return None
    place = Path(found)
    return _behind_shim(place, version) if place.parent.name == SHIMS else place


def _behind_shim(shim: Path, version: str) -> Path | None:
    """pyenv and its like: the version that the environment or the manager's `version` file names."""
    top = shim.parent.parent
    if not version and (top / "version").is_file():
        version = (top / "version").read_text().split("\n")[0].strip()
    real = top / "versions" / version / "bin" / shim.name
    return real if version and real.exists() else None


def _of_program(program: str, place: Path) -> list[Root]:
    venv = place.parent.parent
    if (venv / "pyvenv.cfg").is_file():
        return _virtual_environment(venv)
    real = place.resolve()
    top = real.parent.parent if real.parent.name in {"bin", "sbin"} else real.parent
    folder = Root(place.parent, f"{program}'s folder")
    if _is_shared(top):
        return [Root(real.parent, folder.why), folder]
    return [Root(top, f"{program}'s own folder"), *([folder] if place.parent != real.parent else [])]


def _is_shared(top: Path) -> bool:
    """Whether a folder above a `bin` is no program's own: `~/.local`, which holds our own state, or the home folder."""
    home = Path.home().resolve()
    return top == home / ".local" or home.is_relative_to(top)


def _is_system(path: Path) -> bool:
    real = path.resolve()
    return any(real.is_relative_to(top) for top in _system())


@cache
def _system() -> tuple[Path, ...]:
    return tuple(Path(top).resolve() for top in SYSTEM if Path(top).exists())


def _outermost(roots: Iterable[Root]) -> tuple[Root, ...]:
    kept: dict[Path, Root] = {}
    for root in roots:
        kept.setdefault(root.path, root)
    paths = list(kept)
    return tuple(
        kept[path] for path in paths if not any(path != other and path.is_relative_to(other) for other in paths)
    )
