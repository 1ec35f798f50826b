"""The environment of a command: built from nothing, with only what tools need and what is visible."""

from collections.abc import Mapping, Sequence
from pathlib import Path

SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
"""System folders that every command sees."""
FIXED = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "dumb",
    "CI": "1",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
}
ROOTED = ("VIRTUAL_ENV", "CONDA_PREFIX", "JAVA_HOME", "GOROOT")
"""Variables that name a toolchain's folder; kept where that is visible."""


def environment(
    given: Mapping[str, str], slot: Path, roots: Sequence[Path], named: Sequence[str] = (), number: str = ""
) -> dict[str, str]:
    """The variables of a command in a slot; `given` is the checkout's tool environment, `named` the user's own list."""
    visible = [*(Path(top) for top in SYSTEM), *roots]
    tools = [str(root / "bin") for root in roots if (root / "bin").is_dir()]
    path = [
        entry for entry in given.get("PATH", "").split(":") if entry.startswith("/") and _is_below(Path(entry), visible)
    ]
    source = [str(slot / "src"), str(slot)] if (slot / "src").is_dir() else [str(slot)]
    kept = {name: given[name] for name in ROOTED if name in given and _is_below(Path(given[name]), visible)}
    kept |= {name: given[name] for name in named if name in given}
    return {
        **kept,
        **FIXED,
        "PATH": ":".join(dict.fromkeys([*tools, *path, *SYSTEM_PATH])),
        "PYTHONPATH": ":".join(source),
        "SPECWRIGHT_SLOT": number,
    }


def _is_below(path: Path, folders: Sequence[Path]) -> bool:
    real = path.resolve()
    return any(path.is_relative_to(folder) or real.is_relative_to(folder.resolve()) for folder in folders)
