import time
from pathlib import Path

import pytest

from git_project import Project
from specwright import processes
from specwright.errors import SpecwrightError
from specwright.git.run import GitFailed, TookTooLong, Where, attempt, run
from specwright.git.sample import make_repository


def test_failure_says_gits_last_line(project: Project) -> None:
    with pytest.raises(GitFailed, match=r"^git rev-parse failed: Needed a single revision\.$"):
        run(Where(project.root), "rev-parse", "--verify", "none")


def test_folder_that_is_gone_is_never_replaced_by_another(project: Project) -> None:
    root, gone = project.root, project.root / "gone"
    for where in (Where(gone), Where(root, gone), Where(root, root / ".git", gone)):
        with pytest.raises(SpecwrightError, match="is gone; git is not run elsewhere"):
            run(where, "status")


def test_bytes_go_in_and_come_out(project: Project) -> None:
    data = bytes(range(256)) * 1000
    oid = run(Where(project.root), "hash-object", "-w", "--stdin", stdin=data).decode().strip()
    assert run(Where(project.root), "cat-file", "blob", oid) == data


def test_nothing_waits_for_a_terminal_or_standard_input(project: Project) -> None:
    assert attempt(Where(project.root), "hash-object", "--stdin", seconds=30).code == 0


def test_settings_of_the_user_hold_for_their_own_repository_alone(project: Project, own_home: Path) -> None:
    with (own_home / ".gitconfig").open("a") as file:
        file.write("[x]\n\ty = mine\n")
    assert run(Where(project.root, of_user=True), "config", "x.y") == b"mine\n"
    assert attempt(Where(project.root), "config", "x.y").code == 1


def test_no_network_protocol_is_allowed(project: Project) -> None:
    for address in ("https://127.0.0.1:9/x", "ext::sh -c true", "ssh://127.0.0.1/x", f"file://{project.root}"):
        answer = attempt(Where(project.root), "ls-remote", address, seconds=30)
        assert "not allowed" in answer.last_line, address


def test_path_is_no_pattern(project: Project) -> None:
    assert run(Where(project.root), "ls-files", "-z", "--", "*.py") == b""


def test_command_is_ended_at_its_limit(project: Project) -> None:
    pid = project.root / "pid"
    words = ("-c", f"alias.slow=!echo $$ >'{pid}'; sleep 600", "slow")
    with pytest.raises(TookTooLong, match="ended after 1 s"):
        run(Where(project.root), *words, seconds=1)
    end = time.monotonic() + 20
    while not processes.has_ended(int(pid.read_text())) and time.monotonic() < end:
        time.sleep(0.02)
    assert processes.has_ended(int(pid.read_text()))


@pytest.mark.parametrize(("obeys", "left"), [(True, "asked"), (False, "")])
def test_cancel_terminates_git_before_it_kills(
    project: Project, monkeypatch: pytest.MonkeyPatch, obeys: bool, left: str
) -> None:
    monkeypatch.setattr("specwright.git.run.GRACE_SECONDS", 5.0 if obeys else 0.3)
    said = project.root / "said"
    deed = f"printf asked >'{said}'; exit 1" if obeys else ""
    words = ("-c", f'alias.slow=!trap "{deed}" TERM; while :; do sleep 0.05; done', "slow")
    with pytest.raises(TookTooLong):
        run(Where(project.root), *words, seconds=0.5)
    assert (said.read_text() if said.exists() else "") == left


def left() -> tuple[int, set[str]]:
    """Open files, and children of any thread, those included that wait to be counted."""
    children = (file.read_text().split() for file in Path("/proc/self/task").glob("*/children"))
    return len(list(Path("/proc/self/fd").iterdir())), {pid for pids in children for pid in pids}


def test_no_repo_object_leaks_children_or_fds(project: Project) -> None:
    run(Where(project.root), "status")
    before = left()
    for _ in range(20):
        run(Where(project.root), "hash-object", "--stdin", stdin=b"x")
    assert left() == before


def test_sample_is_committed_and_never_made_over_something(tmp_path: Path, own_home: Path) -> None:
    (own_home / ".gitconfig").write_text("")
    make_repository(tmp_path / "demo", {"a/b.py": "x\n"})
    assert run(Where(tmp_path / "demo"), "ls-files") == b"a/b.py\n"
    with pytest.raises(SpecwrightError, match="exists already"):
        make_repository(tmp_path / "demo", {})
