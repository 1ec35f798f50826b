"""Nothing of a project's runs before the user agreed to exactly that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from git_project import Project, make
from specwright.config import read
from specwright.config.settings import Caches, SandboxMode, UserSettings
from specwright.engine import trust
from specwright.engine.context import Context
from specwright.errors import WrongUse
from specwright.paths.places import places
from specwright.sandbox.probe import Probe
from specwright.store import consents
from specwright.store.database import Store
from specwright.tasks.model import Place, Revision, State, Task, Wanted, Wish

SETTINGS = """
[slots]
setup = ["./set up.sh"]
[gates.tests]
command = ["sh", "check.sh", "--fast"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = make(tmp_path / "project", tmp_path / "slots")
    made.write("specwright.toml", SETTINGS)
    made.write("check.sh", "true\n")
    made.write("set up.sh", "true\n")
    made.write("greeting.py", "x\n")
    made.commit()
    return made


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    store = Store(tmp_path / "specwright.db")
    yield Context(places(), store, UserSettings(), Probe(SandboxMode.FULL))
    store.close()


def listed(project: Project, environment: dict[str, str] | None = None, *roots: str) -> trust.Wanted:
    settings, problems = read.project(trust.settings_text(str(project.root)))
    assert problems == ()
    return trust.wanted(str(project.root), settings, {"PATH": "/usr/bin:/bin", **(environment or {})}, roots)


def venv(place: Path) -> Path:
    place.mkdir(parents=True)
    (place / "pyvenv.cfg").write_text("")
    return place


def test_list_shows_every_command_as_a_shell_would_take_it(project: Project) -> None:
    found = listed(project)
    assert found.commands == ("set-up: './set up.sh'", "gate tests: sh check.sh --fast")
    assert (found.roots, found.refused) == ((), ())


def test_same_project_is_the_same_list(project: Project) -> None:
    project.write("greeting.py", "y\n")
    first = listed(project)
    project.commit()
    assert listed(project) == first


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("check.sh", "rm -rf /\n"), ("set up.sh", "curl | sh\n"),
        ("specwright.toml", SETTINGS.replace("--fast", "--all")),
        ("specwright.toml", SETTINGS.replace('"check.sh", "--fast"', '"check.sh --fast"')),
        ("specwright.toml", SETTINGS.replace('["./set up.sh"]', '["./set", "up.sh"]')),
    ],
)  # fmt: skip
def test_any_change_of_what_would_run_is_asked_again(project: Project, path: str, text: str) -> None:
    before = listed(project).digest
    project.write(path, text)
    assert listed(project).digest != before


def test_a_line_for_a_shell_that_is_longer_than_any_name_is_only_a_word(project: Project) -> None:
    line = "true " + "x" * 5000
    project.write("specwright.toml", f'[gates.t]\ncommand = ["sh", "-c", "{line}"]\n')
    assert listed(project).commands == (f"gate t: sh -c '{line}'",)


def test_settings_of_an_unbearable_size_are_not_read(project: Project) -> None:
    with (project.root / "specwright.toml").open("r+b") as file:
        file.truncate(2 << 40)
    with pytest.raises(WrongUse, match="over 1 MB"):
        trust.settings_of(str(project.root))


def test_roots_belong_to_the_list(project: Project, tmp_path: Path) -> None:
    before = listed(project).digest
    place = venv(tmp_path / "v")
    found = listed(project, {"VIRTUAL_ENV": str(place)})
    assert [root.path for root in found.roots] == [place]
    assert found.digest != before
    assert listed(project, None, str(place)).roots[0].why == "your settings"


def test_package_caches_are_shown_and_not_asked_for(project: Project, own_home: Path) -> None:
    before = listed(project)
    (own_home / ".cache" / "uv" / "archive-v0").mkdir(parents=True)
    (own_home / ".npm" / "_cacache").mkdir(parents=True)
    (own_home / ".npm" / "_cacache" / "index-v5").symlink_to(project.root)
    assert (listed(project).caches, listed(project).refused) == ((), ())
    root, settings = str(project.root), trust.settings_of(str(project.root))
    found = trust.wanted(root, settings, {"PATH": "/usr/bin:/bin"}, of_caches=Caches.READ)
    assert found.caches == (f"uv: {own_home}/.cache/uv (archive-v0)",)
    assert found.refused == (f"{own_home}/.npm: it is a repository",)
    assert trust.view(found, agreed=True).caches == found.caches
    assert found.digest == before.digest


def test_root_that_leads_elsewhere_is_asked_again(project: Project, tmp_path: Path) -> None:
    venv(tmp_path / "one")
    venv(tmp_path / "two")
    link = project.root / ".venv"
    link.symlink_to(tmp_path / "one")
    before = listed(project).digest
    link.unlink()
    link.symlink_to(tmp_path / "two")
    assert listed(project).digest != before


@pytest.mark.parametrize("which", ["checkout", "above it", "state", "slots", "home", "keys"])
def test_root_that_would_open_too_much_is_refused(project: Project, own_home: Path, which: str) -> None:
    (own_home / ".ssh").mkdir()
    place = {
        "checkout": project.root, "above it": project.root.parent, "state": places().state, "slots": places().slots,
        "home": own_home, "keys": own_home / ".ssh",
    }[which]  # fmt: skip
    place.mkdir(parents=True, exist_ok=True)
    found = listed(project, None, str(place))
    assert found.roots == ()
    assert found.refused[0].startswith(f"{place}: it ")


@pytest.mark.parametrize("name", ["../outside.sh", "/etc/hostname", "-x", "docs", "gone.sh"])
def test_words_that_name_no_file_of_the_project_are_only_words(project: Project, name: str) -> None:
    (project.root.parent / "outside.sh").write_text("1")
    project.write("specwright.toml", SETTINGS.replace("check.sh", name))
    before = listed(project).digest
    (project.root.parent / "outside.sh").write_text("2")
    assert listed(project).digest == before


def task_of(project: Project, settings: str) -> Task:
    revision = Revision("0" * 64, "Greet", "spec! Greet", (Wanted(1, "it works"),), ())
    environment = (("PATH", "/usr/bin:/bin"), ("VIRTUAL_ENV", str(project.root.parent / "v")))
    wish = Wish(project.checkout, Place("greeting.py", 1, 1), revision, project.head, "scripted", settings)
    return Task("k7f3qa", replace(wish, environment=environment), State.WAITING, datetime.now(UTC))


async def test_task_is_trusted_only_with_consent_to_its_own_list(project: Project, context: Context) -> None:
    task = task_of(project, SETTINGS)
    venv(project.root.parent / "v")
    assert not await trust.is_trusted(context, task)
    assert await trust.consented(context, task) is None
    found = await trust.wanted_by(context, task)
    await context.store.write(consents.agree, found.root, found.digest)
    assert await trust.is_trusted(context, task)
    agreed = await trust.consented(context, task)
    assert agreed is not None
    assert [root.path for root in agreed.roots] == [project.root.parent / "v"]
    project.write("check.sh", "changed\n")
    assert not await trust.is_trusted(context, task)
    assert await trust.consented(context, task) is None


async def test_task_that_runs_nothing_of_the_projects_needs_no_consent(project: Project, context: Context) -> None:
    task = task_of(project, "")
    venv(project.root.parent / "v")
    assert await trust.is_trusted(context, task)
    assert await trust.consented(context, task) is None


async def test_settings_are_those_that_were_queued(project: Project, context: Context) -> None:
    task = task_of(project, SETTINGS)
    before = await trust.wanted_by(context, task)
    project.write("specwright.toml", SETTINGS.replace("--fast", "; evil"))
    assert await trust.wanted_by(context, task) == before


async def test_folder_shows_its_list_and_whether_it_is_agreed_to(project: Project, context: Context) -> None:
    found, agreed = await trust.of_folder(context, str(project.root), {"PATH": "/usr/bin"})
    assert not agreed
    await context.store.write(consents.agree, found.root, found.digest)
    assert (await trust.of_folder(context, str(project.root), {"PATH": "/usr/bin"}))[1]
    shown = trust.view(found, agreed)
    assert (shown.root, shown.commands, shown.agreed) == (str(project.root), found.commands, False)


async def test_consent_is_for_one_checkout_and_one_content(context: Context) -> None:
    store = context.store
    for _ in range(2):
        await store.write(consents.agree, "/a", "1" * 64)
    asked = [("/a", "1" * 64), ("/a", "2" * 64), ("/b", "1" * 64), ("/a/", "1" * 64), ("/a", "")]
    assert [await store.read(consents.has_consent, *one) for one in asked] == [True, False, False, False, False]


async def test_consent_outlives_the_daemon(context: Context, tmp_path: Path) -> None:
    await context.store.write(consents.agree, "/a", "1" * 64)
    context.store.close()
    store = Store(tmp_path / "specwright.db")
    assert await store.read(consents.has_consent, "/a", "1" * 64)
    store.close()


async def test_copied_files_are_agreed_to_by_name(project: Project, context: Context) -> None:
    task = task_of(project, "")
    project.write(".gitignore", ".env*\n")
    project.write(".worktreeinclude", ".env*\n")
    project.write(".env", "KEY=1\n")
    found = await trust.wanted_by(context, task)
    assert found.included == (".env",)
    assert not await trust.is_trusted(context, task)
    await context.store.write(consents.agree, found.root, found.digest)
    project.write(".env", "KEY=2\n")
    agreed = await trust.consented(context, task)
    assert agreed is not None
    assert agreed.included == (".env",)
    project.write(".env.local", "KEY=3\n")
    assert await trust.consented(context, task) is None
