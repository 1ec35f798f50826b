"""What tools make of the text of files and of output; pure, and bounded in size."""

import difflib

from specwright.agents.files import Denied
from specwright.leaks.mask import MARK

READ_BYTES = 256 * 1024
"""Most bytes of a file in one result."""


def clip(data: bytes, limit: int) -> str:
    """The text of at most `limit` bytes: head and tail, with a line in between that says what is missing."""
    if len(data) <= limit:
        return data.decode("utf-8", "replace")
    head, tail = data[: limit // 2], data[-limit // 2 :]
    missing = len(data) - len(head) - len(tail)
    return f"{head.decode('utf-8', 'replace')}\n[… {missing} bytes left out …]\n{tail.decode('utf-8', 'replace')}"


def some_lines(content: bytes, first: int, count: int) -> str:
    """The lines from `first`, counted from 1; a last line in brackets says where to read on."""
    lines = content.splitlines(keepends=True)
    taken: list[bytes] = []
    size = 0
    for line in lines[first - 1 : first - 1 + max(count, 0)]:
        size += len(line)
        if size > READ_BYTES and taken:
            break
        taken.append(line)
    text = clip(b"".join(taken), READ_BYTES)
    last = first - 1 + len(taken)
    if last < len(lines) or first > 1:
        text += f"\n[lines {first} to {last} of {len(lines)}]"
    return text or "[the file is empty]"


def replaced(content: bytes, old: str, new: str, path: str) -> bytes:
    """The content with its one `old` replaced; a text with plain line ends fits a file with CRLF. Raises `Denied`."""
    before, after = old.encode("utf-8", "replace"), new.encode("utf-8", "replace")
    if not before:
        raise Denied("`old` is empty; give the text to replace, or use write for a new file.")
    if before not in content and b"\r\n" in content and b"\r" not in before:
        before, after = before.replace(b"\n", b"\r\n"), after.replace(b"\n", b"\r\n")
    count = content.count(before)
    if count == 1:
        return content.replace(before, after)
    if count:
        raise Denied(f"`old` occurs {count} times in {path}, {_places(content, before)}. Add lines around it.")
    raise Denied(f"`old` occurs 0 times in {path}. {_nearest(content, old)}")


def unmasked(content: bytes, old: str, new: str, path: str) -> tuple[str, str]:
    """`old` and `new`. Raises `Denied` where one holds the mark of a secret that `content` does not hold as a text."""
    for mark in MARK.findall(old):
        if mark.encode() not in content:
            raise Denied(
                f"`old` holds {mark}, and {path} the secret itself. Leave the secret's line alone, or its part."
            )
    for mark in MARK.findall(new):
        if mark.encode() not in content:
            raise Denied(f"{mark} would come into {path} in place of a secret. Write the name of a variable instead.")
    return old, new


def _places(content: bytes, wanted: bytes) -> str:
    lines: list[str] = []
    at = content.find(wanted)
    while at >= 0 and len(lines) < 5:
        lines.append(str(content.count(b"\n", 0, at) + 1))
        at = content.find(wanted, at + len(wanted))
    return f"at lines {', '.join(lines)}"


def _nearest(content: bytes, old: str) -> str:
    wanted = next((line.strip() for line in old.splitlines() if line.strip()), "")[:200]
    lines = [line[:200] for line in content.decode("utf-8", "replace").splitlines()[:5000]]
    near = difflib.get_close_matches(wanted, [line.strip() for line in lines], n=3, cutoff=0.5)
    shown = [f"{number}: {line}" for number, line in enumerate(lines, 1) if line.strip() in near][:3]
    return "The nearest lines are:\n" + "\n".join(shown) if shown else "No line of it is near. Read the file again."
