import subprocess
from pathlib import Path

import pytest

from specwright.sandbox.roots import SECRETS, Root, refused, roots_of


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def environment(place: Path, home: str = "") -> Path:
    program(place / "bin" / "python")
    (place / "pyvenv.cfg").write_text(f"home = {home}\nversion = 3.12\n" if home else "version = 3.12\n")
    return place


def paths(*found: Root) -> list[Path]:
    return [root.path for root in found]


def test_system_alone_needs_no_root(tmp_path: Path) -> None:
    assert roots_of(tmp_path, {"PATH": "/usr/bin:/bin"}, ["sh", "no-such-program"]) == ()


@pytest.mark.parametrize("how", ["VIRTUAL_ENV", "PATH", ".venv", "CONDA_PREFIX"])
def test_virtual_environment_brings_its_interpreter(tmp_path: Path, how: str) -> None:
    interpreter = program(tmp_path / "py" / "3.12" / "bin" / "python3").parent
    place = environment(tmp_path / ("project/.venv" if how == ".venv" else "v"), str(interpreter))
    given = {"PATH": str(place / "bin")} if how == "PATH" else {how: str(place)}
    found = roots_of(tmp_path / "project", given, ())
    assert found == (Root(place, "virtual environment"), Root(tmp_path / "py" / "3.12", "its interpreter"))


@pytest.mark.parametrize("home", ["x" * 5000, "a\0b", "loop", "nowhere", "notes"])
def test_an_environment_that_came_with_a_clone_and_names_no_folder_of_a_python_brings_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes", "python3").mkdir(parents=True)
    Path("loop").symlink_to("loop")
    place = environment(tmp_path / "project" / ".venv", home)
    assert paths(*roots_of(tmp_path / "project", {"PATH": "/usr/bin"}, ())) == [place]


def test_shim_leads_to_the_one_version(tmp_path: Path) -> None:
    shim = program(tmp_path / "pyenv" / "shims" / "python")
    (tmp_path / "pyenv" / "version").write_text("3.12.1\nsystem\n")
    assert roots_of(tmp_path, {"PATH": str(shim.parent)}, ()) == ()
    program(tmp_path / "pyenv" / "versions" / "3.12.1" / "bin" / "python")
    found = roots_of(tmp_path, {"PATH": str(shim.parent)}, ())
    assert paths(*found) == [tmp_path / "pyenv" / "versions" / "3.12.1"]


def test_a_version_of_the_environment_counts_more_than_the_file_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYENV_VERSION", "3.10.0")  # ours, not the task's
    shim = program(tmp_path / "pyenv" / "shims" / "python")
    (tmp_path / "pyenv" / "version").write_text("3.12.1\n")
    for version in ("3.10.0", "3.11.1", "3.12.1"):
        program(tmp_path / "pyenv" / "versions" / version / "bin" / "python")
    found = roots_of(tmp_path, {"PATH": str(shim.parent), "PYENV_VERSION": "3.11.1"}, ())
    assert paths(*found) == [tmp_path / "pyenv" / "versions" / "3.11.1"]


def test_program_through_a_link_brings_both_folders(tmp_path: Path) -> None:
    real = program(tmp_path / "opt" / "tool-1" / "bin" / "tool")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "tool").symlink_to(real)
    found = roots_of(tmp_path, {"PATH": str(tmp_path / "links")}, ["tool"])
    assert paths(*found) == [tmp_path / "opt" / "tool-1", tmp_path / "links"]


@pytest.mark.parametrize("folder", [".local/bin", "bin"])
def test_a_folder_for_programs_of_all_kinds_is_read_without_what_is_above_it(own_home: Path, folder: str) -> None:
    place = program(own_home / folder / "uv").parent
    [found] = roots_of(own_home / "project", {"PATH": str(place)}, ["uv"])
    assert (found.path, refused(found.path, [own_home / ".local" / "state"])) == (place, None)


def test_no_root_lies_in_another(tmp_path: Path) -> None:
    outer = program(tmp_path / "t" / "bin" / "outer")
    inner = environment(tmp_path / "t" / "v")
    found = roots_of(tmp_path, {"PATH": f"{inner}/bin:{outer.parent}"}, ["outer", "python"])
    assert paths(*found) == [tmp_path / "t"]


@pytest.mark.parametrize("name", SECRETS)
def test_folder_that_holds_or_is_a_secret_is_refused(own_home: Path, tmp_path: Path, name: str) -> None:
    (own_home / name / "inner").mkdir(parents=True)
    (tmp_path / "other" / name).mkdir(parents=True)
    for path in (own_home / name, own_home / name / "inner", tmp_path / "other"):
        assert refused(path) == "it holds keys or passwords"
    if "/" in name:
        assert refused((own_home / name).parent) == "it holds keys or passwords"


def test_home_and_all_above_it_are_refused(own_home: Path) -> None:
    for path in (own_home, *own_home.parents):
        assert refused(path) == "it holds your home folder"
    (own_home / "tools").mkdir()
    assert refused(own_home / "tools") is None


def test_link_to_a_refused_folder_is_refused(own_home: Path, tmp_path: Path) -> None:
    (tmp_path / "venv").symlink_to(own_home)
    assert refused(tmp_path / "venv") == "it holds your home folder"


def test_repository_and_state_are_refused(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path / "repository"], check=True)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "specwright.db").write_text("")
    assert refused(tmp_path / "repository") == "it is a repository"
    assert refused(tmp_path / "state") == "it holds Specwright's own state"


@pytest.mark.parametrize(("inner", "why"), [("a/checkout", True), ("a", True), ("b", False), ("a2", False)])
def test_folder_round_what_is_hidden_is_refused(tmp_path: Path, inner: str, why: bool) -> None:
    (tmp_path / inner).mkdir(parents=True)
    (tmp_path / "a").mkdir(exist_ok=True)
    (tmp_path / "b").mkdir(exist_ok=True)
    root = tmp_path / ("a2" if inner == "a2" else "a")
    root.mkdir(exist_ok=True)
    hidden = tmp_path / ("a" if inner == "a2" else inner)
    assert (refused(root, [hidden]) == f"it holds {hidden}") is why


def test_settings_of_a_hostile_environment_lead_to_no_secret(own_home: Path, tmp_path: Path) -> None:
    program(own_home / ".ssh" / "bin" / "python")
    environment(tmp_path / "project" / ".venv", str(own_home / ".ssh" / "bin"))
    found = roots_of(tmp_path / "project", {}, ())
    assert [refused(root.path) for root in found] == [None, "it holds keys or passwords"]


@pytest.mark.parametrize("text", ["", "home", "home =", "\0\n", "HOME = /x\n"])
def test_broken_settings_of_an_environment_bring_no_interpreter(tmp_path: Path, text: str) -> None:
    environment(tmp_path / "v")
    (tmp_path / "v" / "pyvenv.cfg").write_text(text)
    assert paths(*roots_of(tmp_path, {"VIRTUAL_ENV": str(tmp_path / "v")}, ())) == [tmp_path / "v"]
