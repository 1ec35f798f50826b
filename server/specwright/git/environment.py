"""What a slot's dependencies were made of: equal keys mean that set-up would make the same again."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from specwright.git import names
from specwright.git.private import PrivateRepository
from specwright.git.run import run

_MANIFESTS = frozenset(
    {"pyproject.toml", "setup.py", "setup.cfg", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock"}
    | {"package.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", ".python-version", ".nvmrc"}
    | {"Cargo.toml", "Cargo.lock", "go.mod", "go.sum", "Gemfile", "Gemfile.lock", "environment.yml", ".tool-versions"}
)
_INTERPRETERS = ("python", "python3", "node", "ruby")


def key(repository: PrivateRepository, commit: str, setup: Sequence[str], environment: Mapping[str, str]) -> str:
    """A digest of set-up's words, the interpreters, and the manifests and lock files of a commit; empty without set-up.

    It needs no tree on the disk, so that a slot can be chosen by it.
    """
    if not setup:
        return ""
    digest = hashlib.sha256("\0".join(setup).encode())
    for line in run(repository.where, "ls-tree", "-r", "-z", names.check_oid(commit)).split(b"\0"):
        kind, _, name = line.partition(b"\t")
        if _is_manifest(os.fsdecode(name).rpartition("/")[2]):
            digest.update(b"\0" + name + b"\0" + kind)
    for part in _interpreters(environment):
        digest.update(b"\0" + part.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _is_manifest(name: str) -> bool:
    return name in _MANIFESTS or (name.startswith("requirements") and name.endswith(".txt"))


def _interpreters(environment: Mapping[str, str]) -> Iterator[str]:
    """Which programs the names stand for, by place, size and time: an upgrade changes them, and none is started."""
    for name in _INTERPRETERS:
        if found := shutil.which(name, path=environment.get("PATH", os.defpath)):
            yield _described(name, Path(found))
    if folder := environment.get("VIRTUAL_ENV"):
        yield _described("VIRTUAL_ENV", Path(folder) / "pyvenv.cfg")


def _described(name: str, path: Path) -> str:
    try:
        real = path.resolve()
        status = real.stat()
    except OSError:
        return f"{name} {path}"
    return f"{name} {real} {status.st_size} {status.st_mtime_ns}"
