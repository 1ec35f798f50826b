"""What an agent of ours can do to a slot: seven tools, whose failures are texts for the model and never exceptions."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from specwright.agents import files, globs
from specwright.agents.files import Denied
from specwright.agents.schemas import check_input
from specwright.agents.texts import clip, replaced, some_lines, unmasked
from specwright.errors import lacks_room
from specwright.leaks.mask import MARK, mask
from specwright.tasks.protocols import Box, Done, Limits

OUTPUT_BYTES = 100 * 1024
"""Most bytes of a command's output in one result; half of it head, half tail."""
COMMAND_SECONDS = 600.0
"""The longest time that a command can be given."""
MASKED = (
    "\n[each [secret: …] stands for a secret that you are not shown: the files hold its value. Never write it anywhere]"
)
_FOUND = 1000
_ARGUMENTS = 100_000
_LINE = 400

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finish:
    """The agent's own word about its work; `blocked` is its question to the author."""

    claim: str
    blocked: str | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the model is answered; the text of a failure begins with `ERROR: `."""

    text: str
    is_error: bool = False
    finish: Finish | None = None


class Tools:
    """The tools of one run on one slot. `in_scope` says of a path whether the spec lets it change."""

    def __init__(
        self,
        box: Box,
        slot: Path,
        limits: Limits,
        in_scope: Callable[[str], bool] | None = None,
        mask: Callable[[str], str] = mask,
    ) -> None:
        self._box = box
        self._slot = slot
        self._limits = limits
        self._in_scope = in_scope or (lambda path: True)
        self._mask = mask
        self._known: set[str] = set()
        self._tools: dict[str, Callable[[Mapping[str, object]], Awaitable[ToolResult]]] = {
            "bash": self._bash,
            "read": self._read,
            "edit": self._edit,
            "write": self._write,
            "grep": self._grep,
            "glob": self._glob,
            "finish": self._finish,
        }

    async def call(self, name: str, given: Mapping[str, object]) -> ToolResult:
        """Run one tool with the input that a model gave it; whatever goes wrong is in the result, and no secret is."""
        result = await self._call(name, given)
        # names of files need not be UTF-8, and what is sent to a model must
        text = await asyncio.to_thread(self._mask, result.text.encode("utf-8", "replace").decode("utf-8"))
        return replace(result, text=text + MASKED if MARK.search(text) and not result.is_error else text)

    def remember(self, name: str, given: Mapping[str, object]) -> None:
        """Count a successful call of an earlier start as made, so that `write` knows what was read."""
        if name in ("read", "write"):
            self._known.add(_key(_text(given, "path")))

    async def _call(self, name: str, given: Mapping[str, object]) -> ToolResult:
        fault = check_input(name, given)
        if fault:
            return _error(fault)
        try:
            result = await self._tools[name](given)
        except Denied as denied:
            return _error(str(denied))
        except Exception as error:  # a broken tool is an answer to the model, never the end of a run
            if isinstance(error, OSError) and lacks_room(error):
                raise  # nothing that a model could mend: the run goes on from its last turn once there is room
            log.exception("tool %s broke", name)
            return _error(f"{name} broke: {type(error).__name__}: {error}. Try another way.")
        self.remember(name, given)
        return result

    async def _bash(self, given: Mapping[str, object]) -> ToolResult:
        seconds = _number(given, "timeout", int(self._limits.command_seconds))
        limit = min(float(max(1, seconds)), COMMAND_SECONDS)
        done = await self._box.run(["bash", "-c", _text(given, "command")], timeout=limit)
        if done.timed_out:
            return _error(f"the command was ended after {limit:g} s. Its output:\n{_output(done)}")
        if done.exit_code is None:
            return _error(f"the command was ended at a limit of the sandbox. Its output:\n{_output(done)}")
        return ToolResult(f"exit status {done.exit_code}\n{_output(done)}")

    async def _read(self, given: Mapping[str, object]) -> ToolResult:
        path = _text(given, "path")
        content = await asyncio.to_thread(files.read, self._slot, path)
        if b"\0" in content[:8192]:
            raise Denied(f"{path} is not text ({len(content)} bytes).")
        content = await asyncio.to_thread(self._masked, content)  # before lines are taken: a key may have several
        return ToolResult(some_lines(content, max(1, _number(given, "from", 1)), _number(given, "lines", 1 << 30)))

    async def _edit(self, given: Mapping[str, object]) -> ToolResult:
        path, old, new = _text(given, "path"), _text(given, "old"), _text(given, "new")
        await asyncio.to_thread(
            files.edit, self._slot, path, lambda content: replaced(content, *unmasked(content, old, new, path), path)
        )
        return ToolResult(f"{path} was edited.{self._note(path)}")

    async def _write(self, given: Mapping[str, object]) -> ToolResult:
        path, text = _text(given, "path"), _text(given, "content")
        content = text.encode("utf-8", "replace")
        there = await asyncio.to_thread(files.exists, self._slot, path)
        if there and _key(path) not in self._known:
            raise Denied(f"{path} exists and you have not read it; read it first, or use edit.")
        before = await asyncio.to_thread(files.read, self._slot, path) if there and MARK.search(text) else b""
        unmasked(before, "", text, path)
        await asyncio.to_thread(files.write, self._slot, path, content)
        return ToolResult(f"{path} was {'replaced' if there else 'created'} ({len(content)} bytes).{self._note(path)}")

    async def _grep(self, given: Mapping[str, object]) -> ToolResult:
        wanted = ["-e", _text(given, "pattern"), "--"]
        context = _number(given, "context", 0)
        options = ["-nIE", "-C", str(min(max(context, 0), 50))] if context else ["-nIE"]
        glob = given.get("glob")
        if glob is None:
            passed_over = [f"--exclude-dir={name}" for name in (".git", *globs.PASSED_OVER)]
            return _matches(await self._box.run(["grep", "-r", *options, *passed_over, *wanted, "."], timeout=60))
        paths = await asyncio.to_thread(globs.find, self._slot, str(glob), 100 * _FOUND)
        if not paths:
            return ToolResult(f"no file matches {glob}")
        if sum(len(path) + 3 for path in paths) > _ARGUMENTS:
            raise Denied(f"{len(paths)} files match {glob}; narrow it, or search without it.")
        named = [f"./{path}" for path in paths]
        return _matches(await self._box.run(["grep", "-H", *options, *wanted, *named], timeout=60))

    async def _glob(self, given: Mapping[str, object]) -> ToolResult:
        pattern = _text(given, "pattern")
        found = await asyncio.to_thread(globs.find, self._slot, pattern, _FOUND)
        if not found:
            return ToolResult(f"no file matches {pattern}")
        more = f"\n[more than {_FOUND}; narrow the pattern]" if len(found) > _FOUND else ""
        return ToolResult("\n".join(found[:_FOUND]) + more)

    async def _finish(self, given: Mapping[str, object]) -> ToolResult:
        blocked = given.get("blocked")
        return ToolResult("noted", finish=Finish(_claim(given), str(blocked) if blocked else None))

    def _masked(self, content: bytes) -> bytes:
        """Bytes that are no UTF-8 stay as they are."""
        text = content.decode("utf-8", "surrogateescape")
        masked = self._mask(text)
        return content if masked == text else masked.encode("utf-8", "surrogateescape")

    def _note(self, path: str) -> str:
        if self._in_scope(_key(path)):
            return ""
        return " This is outside of the files that the spec lets you change: take it back unless it must be."


def _error(sentence: str) -> ToolResult:
    return ToolResult(f"ERROR: {sentence}", is_error=True)


def _key(path: str) -> str:
    return "/".join(files.check_path(path))


def _text(given: Mapping[str, object], key: str) -> str:
    return str(given[key])


def _number(given: Mapping[str, object], key: str, default: int) -> int:
    value = given.get(key, default)
    return value if isinstance(value, int) else default


def _output(done: Done) -> str:
    both = done.stdout + (b"\n[stderr]\n" + done.stderr if done.stderr else b"")
    return clip(both, OUTPUT_BYTES) + ("\n[output was cut]" if done.truncated else "")


def _matches(done: Done) -> ToolResult:
    if done.timed_out or done.exit_code is None:
        return _error("the search took too long; narrow it by `glob`.")
    if done.exit_code > 1 and not done.stdout:
        return _error(f"grep said: {clip(done.stderr, 2000)}")
    lines = done.stdout.removeprefix(b"./").replace(b"\n./", b"\n").split(b"\n")
    cut = b"\n".join(line[:_LINE] for line in lines).rstrip(b"\n")
    return ToolResult(clip(cut, OUTPUT_BYTES) if cut else "no match")


def _claim(given: Mapping[str, object]) -> str:
    """Summary, claims and assumptions as lines of text."""
    parts = [_text(given, "summary")]
    claims, assumptions = given.get("claims"), given.get("assumptions")
    if isinstance(claims, list):
        parts += [f"{claim['criterion']}: {claim['by']}" for claim in claims]
    if isinstance(assumptions, list):
        parts += [f"Assumed: {entry['text']}{_place(entry)}" for entry in assumptions]
    return "\n".join(parts)


def _place(entry: Mapping[str, object]) -> str:
    path, line = entry.get("path"), entry.get("line")
    return f" ({path}{f':{line}' if line else ''})" if path else ""
