"""The daemon as a service of the user's session, so that open runs go on after a reboot by themselves.

systemd's user units on Linux; an agent of launchd on macOS, which nobody has tried there.
"""

import asyncio
import hashlib
import os
import plistlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from specwright import process
from specwright.errors import WrongUse
from specwright.paths.files import write_whole

SYSTEMCTL_SECONDS = 10.0
KEPT = ("PATH", "LANG", "SPECWRIGHT_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "VIRTUAL_ENV")
"""What the daemon needs to find git, bubblewrap and our own places; tools of a checkout come with each request."""
WANTED = "default.target.wants"
UNIT = """\
[Unit]
Description=Specwright: performs queued specs

[Service]
ExecStart={command}
{environment}
# when it was killed; not when it ended by itself or refused to start, for that would only be refused again
Restart=on-abnormal
RestartSec=5
KillMode=mixed
TimeoutStopSec=30

[Install]
WantedBy=default.target
"""


@dataclass(frozen=True, slots=True)
class Service:
    """What makes the daemon start with the session."""

    file: Path
    content: bytes
    link: Path | None
    """What switches it on; None where the file alone does."""


def service(environment: Mapping[str, str], platform: str = sys.platform) -> Service:
    """What would be written. Raises `WrongUse` where there is no such thing, or a value that can't stand there."""
    kept = {name: environment[name] for name in KEPT if environment.get(name)}
    if bad := next((name for name, value in kept.items() if not value.isprintable()), None):
        raise WrongUse(f"{bad} holds what no service file can; set it to a plain text, then try again.")
    words = [sys.executable, "-m", "specwright", "daemon", "run"]
    home = Path(environment.get("HOME") or Path.home())
    if platform == "darwin":
        name = f"specwright.daemon{_suffix(environment)}"
        return Service(home / "Library" / "LaunchAgents" / f"{name}.plist", _agent(name, words, kept), None)
    if not platform.startswith("linux"):
        raise WrongUse(f"Nothing starts a daemon by itself on {platform}; start one with `specwright daemon start`.")
    config = environment.get("XDG_CONFIG_HOME", "")
    folder = (Path(config) if config.startswith("/") else home / ".config") / "systemd" / "user"
    name = f"specwright{_suffix(environment)}.service"
    return Service(folder / name, _unit(words, kept), folder / WANTED / name)


def is_installed(environment: Mapping[str, str]) -> bool:
    """Whether the daemon of this environment's state folder starts with the session."""
    try:
        found = service(environment)
    except WrongUse:
        return False
    return found.file.is_file() and (found.link is None or found.link.is_symlink())


def starts_another_program(environment: Mapping[str, str]) -> bool:
    """Whether what is installed starts a program that is not this one, such as one of an older version."""
    made = service(environment)
    return sys.executable.encode() not in made.file.read_bytes()


def install(environment: Mapping[str, str]) -> list[str]:
    """Write the service and switch it on; what was done, in sentences for a person. Repeating it changes nothing."""
    made = service(environment)
    made.file.parent.mkdir(parents=True, exist_ok=True)
    same = made.file.is_file() and made.file.read_bytes() == made.content
    if not same:
        write_whole(made.file, made.content, 0o644)
    said = [f"{made.file} was there already." if same else f"Wrote {made.file}."]
    if made.link is None:
        return [*said, f"Switch it on with `launchctl bootstrap gui/{os.getuid()} {made.file}`.", _UNTRIED]
    if not made.link.is_symlink():
        made.link.parent.mkdir(exist_ok=True)
        made.link.symlink_to(made.file)
        said.append(f"Wrote {made.link}, which starts it with your next session.")
    return [*said, *_reload(environment), _LINGER]


def uninstall(environment: Mapping[str, str]) -> list[str]:
    """Take away what `install` wrote."""
    made = service(environment)
    there = [path for path in (made.link, made.file) if path and (path.is_symlink() or path.exists())]
    if not there:
        return [f"Nothing to remove: {made.file} is not there."]
    for path in there:
        path.unlink()
    said = [f"Removed {path}." for path in there]
    reloaded = _reload(environment) if made.link else [_UNTRIED]
    return [*said, *reloaded, "A daemon that runs goes on; the next one is started by a client."]


_LINGER = "It starts when you log in. For a start before that, at boot: `loginctl enable-linger` (once, for your user)."
_UNTRIED = "This was never tried on macOS; `launchctl print` says whether it took hold."


def _suffix(environment: Mapping[str, str]) -> str:
    """Each SPECWRIGHT_HOME has a daemon of its own."""
    home = environment.get("SPECWRIGHT_HOME")
    return f"-{hashlib.sha256(os.fsencode(Path(home).absolute())).hexdigest()[:8]}" if home else ""


def _unit(words: Sequence[str], kept: Mapping[str, str]) -> bytes:
    command = " ".join(_quoted(word).replace("$", "$$") for word in words)
    environment = "\n".join(
        f"Environment={_quoted(f'{name}={_absolute(name, value)}')}" for name, value in kept.items()
    )
    return UNIT.format(command=command, environment=environment).encode()


def _absolute(name: str, value: str) -> str:
    return str(Path(value).absolute()) if name == "SPECWRIGHT_HOME" else value


def _quoted(word: str) -> str:
    """As systemd reads it: `%` begins a specifier."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _agent(name: str, words: Sequence[str], kept: Mapping[str, str]) -> bytes:
    environment = {key: _absolute(key, value) for key, value in kept.items()}
    keep = {"SuccessfulExit": False}
    return plistlib.dumps(
        {
            "Label": name,
            "ProgramArguments": list(words),
            "EnvironmentVariables": environment,
            "RunAtLoad": True,
            "KeepAlive": keep,
        }
    )


def _reload(environment: Mapping[str, str]) -> list[str]:
    """Let systemd read its units again, where it runs."""
    run = process.run(
        ["systemctl", "--user", "daemon-reload"], cwd="/", env=dict(environment), timeout=SYSTEMCTL_SECONDS
    )
    done = asyncio.run(run)
    if done.exit_code == 0:
        return []
    why = (done.stderr.decode(errors="replace").strip().splitlines() or ["it does not answer"])[-1]
    return [f"systemd does not run for your user here ({why}); the unit counts from when it does."]
