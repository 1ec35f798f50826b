from pathlib import Path

import pytest

from specwright.sandbox.environment import FIXED, SYSTEM_PATH, environment

SLOT = Path("/slots/sw-1")
HIJACKS = ("sitecustomize.py", "usercustomize/__init__.py", "encodings/__init__.py", "sitecustomize.cpython-311-x.so")


def path_of(given: str, *roots: Path, slot: Path = SLOT) -> list[str]:
    return environment({"PATH": given}, slot, roots)["PATH"].split(":")


def test_nothing_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", "x")
    made = environment({"AWS_SECRET": "x", "PYTHONSTARTUP": "x", "LD_PRELOAD": "x"}, SLOT, ())
    assert set(made) == {*FIXED, "PATH", "SPECWRIGHT_SLOT"}


def test_named_variables_are_let_through_and_can_not_replace_ours() -> None:
    made = environment({"WANTED": "1", "CI": "0", "OTHER": "x"}, SLOT, (), ("WANTED", "CI", "ABSENT"), "sw-1")
    assert (made["WANTED"], made["CI"], made["SPECWRIGHT_SLOT"]) == ("1", "1", "sw-1")
    assert not {"OTHER", "ABSENT"} & set(made)


def test_only_visible_absolute_folders_are_on_the_path(tmp_path: Path) -> None:
    for name in ("root/bin", "root/shims", "hidden/bin"):
        (tmp_path / name).mkdir(parents=True)
    given = f"{tmp_path}/hidden/bin:.:bin::{tmp_path}/root/shims:/usr/games:/usr/bin"
    root = tmp_path / "root"
    assert path_of(given, root) == [f"{root}/bin", f"{root}/shims", "/usr/games", "/usr/bin", *_but("/usr/bin")]


@pytest.mark.parametrize("entry", [".", "bin", "./bin", "", "../usr/bin"])
def test_relative_folder_is_never_on_the_path_even_where_all_is_visible(entry: str) -> None:
    assert path_of(f"{entry}:/usr/bin", Path("/"))[:3] == ["/bin", "/usr/bin", "/usr/local/bin"]


def test_toolchain_variables_stay_where_they_are_visible(tmp_path: Path) -> None:
    given = {"VIRTUAL_ENV": str(tmp_path / "v"), "JAVA_HOME": "/usr/lib/jvm", "GOROOT": "/hidden/go"}
    made = environment(given, SLOT, [tmp_path / "v"])
    assert (made["VIRTUAL_ENV"], made["JAVA_HOME"], "GOROOT" in made) == (str(tmp_path / "v"), "/usr/lib/jvm", False)


@pytest.mark.parametrize("layout", ["flat", "src"])
def test_code_of_the_slot_is_imported_first(tmp_path: Path, layout: str) -> None:
    if layout == "src":
        (tmp_path / "src").mkdir()
    expected = [f"{tmp_path}/src", str(tmp_path)] if layout == "src" else [str(tmp_path)]
    assert environment({"PYTHONPATH": "/evil"}, tmp_path, ())["PYTHONPATH"].split(":") == expected


@pytest.mark.parametrize("layout", ["", "src"])
@pytest.mark.parametrize("name", HIJACKS)
def test_what_python_imports_by_itself_is_never_the_slots(tmp_path: Path, layout: str, name: str) -> None:
    (tmp_path / "src").mkdir()
    hijack = tmp_path / layout / name
    hijack.parent.mkdir(exist_ok=True)
    hijack.touch()
    left = tmp_path if layout else tmp_path / "src"
    assert environment({}, tmp_path, ())["PYTHONPATH"] == str(left)


def test_a_plain_folder_or_file_of_such_a_name_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "types").mkdir()
    (tmp_path / "site.txt").touch()
    assert environment({}, tmp_path, ())["PYTHONPATH"] == str(tmp_path)


def _but(known: str) -> list[str]:
    return [entry for entry in SYSTEM_PATH if entry != known]
