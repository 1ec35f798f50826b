"""Whether what a project's commands are, and the files that they name, are at a commit as they are on a branch."""

import os
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from specwright.config.branches import HEADS, is_ours, refs_of
from specwright.git import checkout as checkouts
from specwright.git import names
from specwright.git.run import Where, attempt, run
from specwright.tasks.model import Checkout

SETTINGS = "specwright.toml"
_TREE = re.compile(rb"^[0-9a-f]+ tree [0-9]+$", re.M)
_FILE = re.compile(rb"blob ([0-9a-f]+)\n")
_LED_AWAY = re.compile(rb"(?:symlink|dangling|loop|notdir) ([0-9]+)\n")
"""Behind it stands a path of that length."""
_AS_STORED = {"GIT_NO_REPLACE_OBJECTS": "1"}
"""Replaced objects are looked at as they are: a slot holds them so."""


def unchanged_from(
    checkout: Checkout, base: str, settings: str, files: Sequence[str], trusted: Iterable[str]
) -> str | None:
    """The first of the trusted branches that had these settings, and at these paths these files, where `base` forked.

    None where no branch has: there is none of the name, its history is another one, the settings are not committed.
    """
    where = checkouts.where(checkout)
    tips = _tips(where, trusted)
    if not tips or not _is_text_of(where, base, settings):
        return None
    return next((name for name, tip in tips.items() if _is_same(where, base, tip, tuple(files))), None)


def _tips(where: Where, trusted: Iterable[str]) -> dict[str, str]:
    """The commit of each name. One that a local branch and a remote's have both stands for neither."""
    wanted = {ref: name for name in trusted for ref in refs_of(name)}
    if not wanted:
        return {}
    answer = attempt(where, "for-each-ref", "--format=%(objectname)%00%(refname)%00%(symref)", *wanted)
    found: dict[str, list[str]] = {}
    for line in answer.out.splitlines():
        oid, ref, leads_to = os.fsdecode(line).split("\0")
        if ref in wanted and not is_ours(ref) and not is_ours(leads_to) and not _seems_remote(where, ref, wanted[ref]):
            found.setdefault(wanted[ref], []).append(oid)
    return {name: found[name][0] for name in wanted.values() if len(found.get(name, ())) == 1}


def _seems_remote(where: Where, ref: str, name: str) -> bool:
    """Whether `origin/main` was found as a local branch: whoever's change was checked out chose its name."""
    remote, slash, _ = name.partition("/")
    if ref != HEADS + name or not slash:
        return False
    return attempt(where, "config", "--get-regexp", rf"^remote\.{re.escape(remote)}[./]").code == 0


def _is_text_of(where: Where, base: str, settings: str) -> bool:
    """Whether the settings are those of the commit, with the line ends of any machine."""
    answer = attempt(where, "cat-file", "blob", f"{names.check_oid(base)}:{SETTINGS}", env=_AS_STORED)
    text = answer.out.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return answer.code == 0 and text == settings


@lru_cache(64)  # commits do not change, and each look at the queue asks again
def held(where: Where, commit: str, files: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those of the paths that are files at a commit, links inside of the tree followed, with their objects."""
    asked = [os.fsencode(f"{names.check_oid(commit)}:{path}") for path in files]
    words = ("cat-file", "--batch-check=%(objecttype) %(objectname)", "--follow-symlinks", "-z")
    out = run(where, *words, stdin=b"".join(name + b"\0" for name in asked), env=_AS_STORED)
    found, at = [], 0
    for path, name in zip(files, asked, strict=True):
        if file := _FILE.match(out, at):
            found.append((path, file[1].decode()))
        if out.startswith(name + b" missing\n", at):  # a name may hold line ends
            at += len(name) + len(b" missing\n")
        elif away := _LED_AWAY.match(out, at):
            at = away.end() + int(away[1]) + 1
        else:
            at = out.index(b"\n", at) + 1
    return tuple(found)


@lru_cache(64)  # commits do not change, and each look at the queue asks again
def _is_same(where: Where, base: str, tip: str, files: tuple[str, ...]) -> bool:
    """Whether the settings and the files are the same at `base` and where it forked from `tip`."""
    answer = attempt(where, "merge-base", names.check_oid(base), names.check_oid(tip), env=_AS_STORED)
    fork = answer.out.decode().strip()
    return answer.code == 0 and _files(where, base, files) == _files(where, fork, files)


def _files(where: Where, commit: str, files: tuple[str, ...]) -> bytes:
    """What each path is at a commit, links inside of the tree followed; of a folder only that it is one."""
    asked = b"".join(os.fsencode(f"{commit}:{path}") + b"\0" for path in (SETTINGS, *files))
    out = run(where, "cat-file", "--batch-check", "--follow-symlinks", "-z", stdin=asked, env=_AS_STORED)
    return _TREE.sub(b"tree", out.replace(commit.encode(), b""))
