from pathlib import Path

import pytest

from specwright.config.settings import SandboxMode
from specwright.sandbox.probe import Probe, probe


async def test_real_box_is_tried(bubblewrap: None) -> None:
    found = await probe(SandboxMode.AUTO)
    assert (found.mode, found.reason, found.left_open) == ("full", "", ())


async def test_switched_off_is_said() -> None:
    found = await probe(SandboxMode.NONE)
    assert found.mode == "none"
    assert "switched off" in found.reason


async def test_landlock_is_taken_where_bubblewrap_does_not_work(
    landlock: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await probe(SandboxMode.AUTO)
    assert found.mode == "partial"
    assert "not installed" in found.reason
    assert "apt install bubblewrap" in found.cure
    assert found.left_open


async def test_neither_is_told_with_both_reasons(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("specwright.sandbox.launcher.version", lambda: 0)
    found = await probe(SandboxMode.AUTO)
    assert found.mode is None
    assert "not installed" in found.reason
    assert "this kernel has none" in found.reason
    assert "apt install bubblewrap" in found.cure


async def test_missing_bubblewrap_is_said_with_its_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await probe(SandboxMode.FULL)
    assert found.mode is None
    assert "not installed" in found.reason
    assert "apt install bubblewrap" in found.cure


async def probe_of(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Probe:
    program = folder / "bwrap"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return await probe(SandboxMode.FULL)


async def test_program_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("specwright.sandbox.probe.SECONDS", 0.5)
    found = await probe_of(tmp_path, monkeypatch, "sleep 600")
    assert found.mode is None
    assert "does not work here" in found.reason


@pytest.mark.parametrize(
    ("script", "reason", "cure"),
    [
        (
            'echo "bwrap: Can\'t mount proc on /newroot/proc: Operation not permitted" >&2; exit 1',
            "Can't mount proc",
            "a container inside a container",
        ),
        (
            'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
            "without isolating: it could",
            "a partial one is tried",
        ),
        ("echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1", "uid map", "AppArmor"),
        ("echo 'bwrap: No permissions: Operation not permitted' >&2; exit 1", "not permitted", "seccomp=unconfined"),
        ("exit 0", "does not work here", "a partial one is tried"),
    ],
)
async def test_program_of_that_name_is_not_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, reason: str, cure: str
) -> None:
    found = await probe_of(tmp_path, monkeypatch, script)
    assert found.mode is None
    assert reason in found.reason
    assert cure in found.cure
    assert not Path("/etc/specwright-probe").exists()
