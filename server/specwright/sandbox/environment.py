"""The environment of a command: built from nothing, with only what tools need and what is visible."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
"""System folders that every command sees."""
ETC = (
    "ssl", "ca-certificates", "ca-certificates.conf", "alternatives", "nsswitch.conf", "ld.so.cache", "ld.so.conf",
    "ld.so.conf.d", "localtime", "mime.types", "*-release", "debian_version",
    "pki", "crypto-policies", "java*",
)  # fmt: skip
"""What tools need of /etc, as globs."""
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
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
}
ROOTED = ("VIRTUAL_ENV", "CONDA_PREFIX", "JAVA_HOME", "GOROOT")
"""Variables that name a toolchain's folder; kept where that is visible."""

STARTUP = sys.stdlib_module_names | {"sitecustomize", "usercustomize", "_distutils_hack", "_virtualenv"}
"""What Python, or an environment's `.pth` file, imports by itself while it starts."""


def etc() -> list[str]:
    """What of /etc every command sees on this machine."""
    return sorted(str(path) for name in ETC for path in Path("/etc").glob(name))


def environment(
    given: Mapping[str, str], slot: Path, roots: Sequence[Path], named: Sequence[str] = (), number: str = ""
) -> dict[str, str]:
    """The variables of a command in a slot; `given` is the checkout's tool environment, `named` the user's own list."""
    visible = [*(Path(top) for top in SYSTEM), *roots]
    tools = [str(root / "bin") for root in roots if (root / "bin").is_dir()]
    path = [
        entry for entry in given.get("PATH", "").split(":") if entry.startswith("/") and _is_below(Path(entry), visible)
    ]
    source = [str(folder) for folder in (slot / "src", slot) if _is_source(folder)]
    kept = {name: given[name] for name in ROOTED if name in given and _is_below(Path(given[name]), visible)}
    kept |= {name: given[name] for name in named if name in given}
    return {
        **kept,
        **FIXED,
        "PATH": ":".join(dict.fromkeys([*tools, *path, *SYSTEM_PATH])),
        **({"PYTHONPATH": ":".join(source)} if source else {}),
        "SPECWRIGHT_SLOT": number,
    }


def _is_source(folder: Path) -> bool:
    """Whether Python may look here first: nothing in it has a name that Python imports before the command's own code.

    A `sitecustomize.py` or an `encodings` of an agent's would end each command with 0.
    """
    try:
        return folder.is_dir() and not any(_is_module(entry) for entry in folder.iterdir() if _stem(entry) in STARTUP)
    except OSError:  # closed by its permissions
        return False


def _stem(entry: Path) -> str:
    return entry.name.partition(".")[0]


def _is_module(entry: Path) -> bool:
    """A folder without `__init__` stands after the real one of its name."""
    return any(entry.glob("__init__.*")) if entry.is_dir() else entry.suffix in {".py", ".pyc", ".so"}


def _is_below(path: Path, folders: Sequence[Path]) -> bool:
    real = path.resolve()
    return any(path.is_relative_to(folder) or real.is_relative_to(folder.resolve()) for folder in folders)
