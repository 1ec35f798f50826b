"""What a project's files may run: each consent is bound to the digest of what was shown."""

import time
from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from specwright.store.database import Writing
from specwright.store.schema import CONSENT


def agreed(connection: Connection, root: str, digests: Iterable[str]) -> frozenset[str]:
    """Those of these contents that the user agreed to."""
    query = select(CONSENT.c.digest).where(CONSENT.c.root == root, CONSENT.c.digest.in_(tuple(digests)))
    return frozenset(connection.execute(query).scalars())


def agree(writing: Writing, root: str, *digests: str) -> None:
    """The user agrees to these contents."""
    rows = [{"root": root, "digest": digest, "at": time.time()} for digest in digests]
    writing.connection.execute(insert(CONSENT).on_conflict_do_nothing(), rows)
    writing.free()
