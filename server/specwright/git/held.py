"""What stands for the content of files at a commit of the user's repository."""

import hashlib
import os
import re
from collections.abc import Sequence
from functools import lru_cache

from specwright.git import checkout as checkouts
from specwright.git import names
from specwright.git.run import Where, run
from specwright.tasks.model import Checkout

_AS_STORED = {"GIT_NO_REPLACE_OBJECTS": "1"}
"""Replaced objects are looked at as they are: a slot holds them so."""
_BLOB = re.compile(rb"([0-9a-f]+) blob ([0-9]+)\n")


def contents(checkout: Checkout, commit: str, paths: Sequence[str], largest: int) -> dict[str, str]:
    """A digest of each path that is a file there, links inside of the tree followed; of one that is too large, its id.

    A commit that only Specwright's own repository has holds none.
    """
    where = checkouts.where(checkout)
    return dict(_contents(where, names.check_oid(commit), tuple(paths), largest)) if paths else {}


@lru_cache(64)  # commits do not change, and each look at the queue asks again
def _contents(where: Where, commit: str, paths: tuple[str, ...], largest: int) -> tuple[tuple[str, str], ...]:
    # the commit itself is asked for behind each path: its line is the end of an answer, whatever a name or a link holds
    asked = b"".join(os.fsencode(f"{commit}:{path}") + b"\0" + commit.encode() + b"\0" for path in paths)
    out = run(where, "cat-file", "--batch-check", "--follow-symlinks", "-z", stdin=asked, env=_AS_STORED)
    answers = re.split(rb"(?:^|(?<=\n))" + commit.encode() + rb" commit [0-9]+\n", out)[:-1]
    found = [(path, _BLOB.fullmatch(answer)) for path, answer in zip(paths, answers, strict=False)]
    return tuple((path, _digest(where, blob[1].decode(), int(blob[2]), largest)) for path, blob in found if blob)


def _digest(where: Where, blob: str, size: int, largest: int) -> str:
    return blob if size > largest else hashlib.sha256(run(where, "cat-file", "blob", blob, env=_AS_STORED)).hexdigest()
