"""Package caches, by the user's own setting: their contents read-only, or a copy for set-up. Never the user's to write.

A tool finds its cache in the command's own home folder: there it may write beside the parts that lead to the user's.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from specwright import process
from specwright.errors import SpecwrightError
from specwright.paths import space
from specwright.paths.deleting import delete
from specwright.sandbox.roots import refused

FOLDER = ".caches"
"""In the home folder of a command."""
LARGEST = 5 * 10**9
"""Bytes of all caches together that are copied."""
COPY_SECONDS = 600.0
CLONED = "-c" if sys.platform == "darwin" else "--reflink=auto"
"""Without taking room where the disk can; hard links would share what can be written."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Where a tool keeps what it downloads, and which parts of that hold packages and nothing else."""

    name: str
    variable: str
    """By which it is told another place."""
    places: tuple[tuple[str, str], ...]
    """A variable and what follows its value; the first folder that exists is it."""
    parts: tuple[str, ...]
    """Globs. What is beside them may be a password (`credentials.toml`), a log, or a program that was installed."""


TOOLS = (
    Tool(
        "uv",
        "UV_CACHE_DIR",
        (("UV_CACHE_DIR", ""), ("XDG_CACHE_HOME", "uv"), ("HOME", ".cache/uv")),
        ("archive-v*", "wheels-v*", "simple-v*", "flat-index-v*", "sdists-v*/*", "git-v*/*"),
    ),
    Tool(
        "pip",
        "PIP_CACHE_DIR",
        (("PIP_CACHE_DIR", ""), ("XDG_CACHE_HOME", "pip"), ("HOME", ".cache/pip"), ("HOME", "Library/Caches/pip")),
        ("http", "http-v2", "wheels"),
    ),
    Tool(
        "npm",
        "npm_config_cache",
        (("npm_config_cache", ""), ("NPM_CONFIG_CACHE", ""), ("HOME", ".npm")),
        ("_cacache/content-v*", "_cacache/index-v*"),
    ),
    Tool("cargo", "CARGO_HOME", (("CARGO_HOME", ""), ("HOME", ".cargo")), ("registry/*", "git/*")),
    # a Go that can't write its build cache fails, and without one it compiles anew
    Tool(
        "go",
        "GOMODCACHE",
        (("GOMODCACHE", ""), ("GOPATH", "pkg/mod"), ("HOME", "go/pkg/mod")),
        ("cache/download", "*.*"),
    ),
)
NAMED = tuple(sorted({name for tool in TOOLS for name, _ in tool.places} - {"HOME"}))
"""Variables that say where caches are."""


@dataclass(frozen=True, slots=True)
class Cache:
    """What a command may see of one cache."""

    name: str
    variable: str
    top: Path
    parts: tuple[str, ...]
    """Paths below the top."""
    copy: Path | None = None
    """Where a copy lies, which may be written."""
    layers: Path | None = None
    """Where what is written comes to lie, above the parts."""

    @property
    def place(self) -> str:
        """Of what its tool takes for the cache, below the home folder of the command."""
        return f"{FOLDER}/{self.name}"

    def __str__(self) -> str:
        return f"{self.name}: {self.top} ({', '.join(self.parts)})"


def find(given: Mapping[str, str], hidden: Iterable[Path] = ()) -> tuple[tuple[Cache, ...], tuple[str, ...]]:
    """The caches that a tool environment leads to, and a sentence on each that is never readable."""
    variables = {**given, "HOME": str(Path.home())}
    hidden = tuple(hidden)
    found = [cache for tool in TOOLS if (cache := _cache(tool, variables))]
    reasons = {cache: _refused(cache, hidden) for cache in found}
    told = tuple(f"{cache.top}: {reason}" for cache, reason in reasons.items() if reason)
    return tuple(cache for cache, reason in reasons.items() if not reason), told


def _cache(tool: Tool, variables: Mapping[str, str]) -> Cache | None:
    named = (Path(variables[name], rest) for name, rest in tool.places if variables.get(name))
    top = next((place for place in named if place.is_absolute() and os.path.isdir(place)), None)  # noqa: PTH112  # text of others
    if top is None:
        return None
    parts = sorted({str(path.relative_to(top)) for glob in tool.parts for path in top.glob(glob) if path.is_dir()})
    return Cache(tool.name, tool.variable, top, tuple(parts)) if parts else None


def _refused(cache: Cache, hidden: Sequence[Path]) -> str | None:
    return next((reason for part in cache.parts if (reason := refused(cache.top / part, hidden))), None)


def variables(caches: Iterable[Cache], home: Path | str) -> dict[str, str]:
    """What tells the tools of a command where to look."""
    return {cache.variable: f"{home}/{cache.place}" for cache in caches}


def readable(caches: Iterable[Cache]) -> list[Path]:
    """The user's own folders; a copy may hold links to them."""
    return [cache.top / part for cache in caches for part in cache.parts]


def writable(caches: Iterable[Cache]) -> list[Path]:
    """Copies."""
    return [cache.copy for cache in caches if cache.copy]


def links(caches: Iterable[Cache]) -> list[tuple[str, Path]]:
    """Places below a command's home folder, and where each leads."""
    found = []
    for cache in caches:
        if cache.copy:
            found.append((cache.place, cache.copy))
        elif not cache.layers:
            found += [(f"{cache.place}/{part}", cache.top / part) for part in cache.parts]
    return found


def make_links(caches: Iterable[Cache], home: Path) -> None:
    """Lead from a home folder to the caches."""
    for place, target in links(caches):
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).symlink_to(target)


def mounts(caches: Sequence[Cache], home: str) -> list[str]:
    """The same in bubblewrap's words, with what is to be seen there."""
    words = [word for path in readable(caches) for word in ("--ro-bind", str(path), str(path))]
    words += [word for path in writable(caches) for word in ("--bind", str(path), str(path))]
    words += [word for place, target in links(caches) for word in ("--symlink", str(target), f"{home}/{place}")]
    for cache in caches:
        for part, new, work in _layers(cache):
            words += ["--overlay-src", str(cache.top / part), "--overlay", str(new), str(work)]
            words.append(f"{home}/{cache.place}/{part}")
    return words


@contextlib.asynccontextmanager
async def folder_beside(slot: Path) -> AsyncIterator[Path]:
    """For what set-up writes, on the disk of the slots, where a copy may cost nothing. What a killed one left goes."""
    folder = slot.with_name(f"caches-{slot.name}")
    await asyncio.to_thread(delete, folder)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        await asyncio.to_thread(delete, folder)


def layered(caches: Iterable[Cache], folder: Path) -> tuple[Cache, ...]:
    """The caches with a layer above each part that takes what is written."""
    made = tuple(replace(cache, layers=folder / "layers" / cache.name) for cache in caches)
    for cache in made:
        for _, new, work in _layers(cache):
            new.mkdir(parents=True)
            work.mkdir()
    return made


def _layers(cache: Cache) -> list[tuple[str, Path, Path]]:
    """Each part, where what is written above it comes to lie, and a folder that the kernel needs for that."""
    top = cache.layers
    return [(part, top / part / "new", top / part / "work") for part in cache.parts] if top else []


async def copied(caches: Sequence[Cache], folder: Path) -> tuple[Cache, ...]:
    """The caches with a copy of each. Raises `SpecwrightError` for what is too large or can't be copied."""
    size = await asyncio.to_thread(lambda: sum(space.taken(path) for path in readable(caches)))
    if size > LARGEST:
        told = f"The package caches take {space.shown(size)}; up to {space.shown(LARGEST)} are copied for set-up."
        raise SpecwrightError(f'{told} Prune them, or set `[sandbox]` `caches = "read"` in your own config.toml.')
    if too_low := space.free_space_too_low(folder, size + space.LEAST_FREE):
        raise SpecwrightError(f"The package caches can't be copied for set-up: {too_low}")
    made = tuple(replace(cache, copy=folder / cache.name) for cache in caches)
    for cache in made:
        for part in cache.parts:
            await _copy(cache.top / part, folder / cache.name / part)
    return made


async def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    words = ["cp", "-a", CLONED, str(source.resolve()), str(target)]
    done = await process.run(words, cwd="/", env={"PATH": os.defpath, "LC_ALL": "C"}, timeout=COPY_SECONDS)
    if done.exit_code != 0:
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0] or f"it took over {COPY_SECONDS:.0f} s"
        raise SpecwrightError(f"{source} could not be copied for set-up: {said}. Try again when nobody changes it.")
