"""Where our own files lie. Nothing is made here; who writes makes its folder, 0700."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PRIVATE = "specwright"
"""Our folder inside a repository's common git folder."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of one user; absolute."""

    config_file: Path
    state: Path
    cache: Path
    socket: Path

    @property
    def database(self) -> Path:
        """The store."""
        return self.state / "specwright.db"

    @property
    def lock(self) -> Path:
        """Held by the daemon for its life."""
        return self.state / "daemon.lock"

    @property
    def next_lock(self) -> Path:
        """Held by a newer daemon while it waits for the place of an older one."""
        return self.state / "daemon.next.lock"

    @property
    def log(self) -> Path:
        """The daemon's log."""
        return self.state / "daemon.log"

    @property
    def runs(self) -> Path:
        """Events, transcripts and gate logs, a folder per run."""
        return self.state / "runs"

    @property
    def deletions(self) -> Path:
        """The record of what was deleted, a JSON object per line."""
        return self.state / "deletions.jsonl"

    @property
    def windows(self) -> Path:
        """What each living editor window holds, a file per window."""
        return self.state / "windows"

    @property
    def slots(self) -> Path:
        """Slots, a folder per project."""
        return self.cache / "slots"


def places(environment: Mapping[str, str] | None = None) -> Places:
    """The places that an environment (default: the process's own) names."""
    env = os.environ if environment is None else environment
    home = Path(env.get("HOME") or Path.home())
    moved = env.get("SPECWRIGHT_HOME")
    if moved:
        top = Path(moved).absolute()
        config, state, cache = top / "config.toml", top / "state", top / "cache"
    else:
        config = _base(env, "XDG_CONFIG_HOME", home / ".config") / "config.toml"
        state = _base(env, "XDG_STATE_HOME", home / ".local" / "state")
        cache = _base(env, "XDG_CACHE_HOME", home / ".cache")
    return Places(config, state, cache, _socket(env, state))


def _base(env: Mapping[str, str], name: str, default: Path) -> Path:
    value = env.get(name, "")
    return (Path(value) if value.startswith("/") else default) / "specwright"


def _socket(env: Mapping[str, str], state: Path) -> Path:
    """Short enough for a socket's address, and another one for each state folder."""
    name = hashlib.sha256(os.fsencode(state)).hexdigest()[:16]
    runtime = env.get("XDG_RUNTIME_DIR", "")
    if runtime.startswith("/") and len(runtime) < 60 and Path(runtime).is_dir():
        return Path(runtime) / "specwright" / f"{name}.sock"
    return Path(tempfile.gettempdir()) / f"specwright-{os.getuid()}" / f"{name}.sock"
