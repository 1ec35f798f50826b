"""The same attacks by an ordinary user where this suite is run by root: boxes are made in other ways for each."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
NOBODY = 65534


def as_nobody(*words: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    program = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "sh", "-c", 'exec "$0" "$@"']
    paths = f"{TESTS.parent / 'server'}:{TESTS}:{sysconfig.get_path('purelib')}"
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": paths, "HOME": "/nonexistent"}
    return subprocess.run(
        [*program, *words], capture_output=True, text=True, check=False, timeout=timeout, env=environment, cwd="/"
    )


@pytest.mark.skipif(os.getuid() != 0, reason="this suite is run by an ordinary user already")
@pytest.mark.timeout(600)
def test_every_attack_fails_for_an_ordinary_user_too() -> None:
    python = next((p for p in (sys.executable, shutil.which("python3", path="/usr/bin")) if p and _works(p)), None)
    if python is None:
        pytest.skip("no Python that an ordinary user can start can import this suite")
    found = as_nobody(
        python, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "-k", "fails_in_the_box", "--rootdir", str(TESTS.parent),
        "-c", str(TESTS.parent / "pyproject.toml"), str(TESTS / "security" / "test_box.py"),
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-1000:]
    assert re.search(r"(\d+) passed", found.stdout), found.stdout
    if "skipped" in found.stdout:
        pytest.skip(found.stdout[-1000:])


def _works(python: str) -> bool:
    """Whether an ordinary user can start it, and it finds what the suite imports."""
    return as_nobody(python, "-c", "import pytest, specwright.sandbox.box, git_project").returncode == 0
