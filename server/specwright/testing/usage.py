"""Counts tokens as the API does, a token being four bytes; what was read from the cache follows from real prefixes."""

import hashlib
import json
from collections.abc import Iterator, Mapping

from specwright.testing.replies import Usage
from specwright.testing.strict import blocks

BYTES = 4
"""Of one token."""


class PrefixCache:
    """Remembers the prefixes of all requests that asked for it."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def count(self, body: Mapping[str, object], usage: Usage) -> dict[str, int]:
        """The input's part of `usage`, and remember the prefix."""
        prefixes = list(_prefixes(body))
        total = prefixes[-1][1] // BYTES
        if usage is Usage.APPROXIMATE:
            return {"input_tokens": total}
        if usage is Usage.PLAIN or "cache_control" not in json.dumps(body):
            return {"input_tokens": total, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
        read = max((size for digest, size in prefixes if digest in self._seen), default=0) // BYTES
        self._seen.update(digest for digest, _ in prefixes)
        return {
            "input_tokens": 3,
            "cache_creation_input_tokens": total - read,
            "cache_read_input_tokens": read,
        }


def output_tokens(texts: list[str]) -> int:
    """Tokens of what the model wrote."""
    return sum(len(text.encode()) for text in texts) // BYTES + 1


def _prefixes(body: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """Digest and bytes of each prefix, in the order tools, system, messages."""
    digest, size = hashlib.sha256(), 0
    for part in _parts(body):
        data = json.dumps(_unmarked(part), sort_keys=True).encode()
        digest.update(data)
        size += len(data)
        yield digest.hexdigest(), size


def _parts(body: Mapping[str, object]) -> Iterator[object]:
    yield body.get("tools")
    yield from blocks({"content": body.get("system")})
    messages = body.get("messages")
    for message in messages if isinstance(messages, list) else ():
        for block in blocks(message):
            yield {"role": message.get("role"), **block}


def _unmarked(part: object) -> object:
    return {key: value for key, value in part.items() if key != "cache_control"} if isinstance(part, dict) else part
