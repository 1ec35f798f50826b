"""Nothing of a project's runs before the user agreed to exactly that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from git_project import Project, make
from specwright.api import setup
from specwright.config import read
from specwright.config.settings import Caches, SandboxMode, UserSettings
from specwright.engine import consent, trust
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
    given = {"PATH": "/usr/bin:/bin", **(environment or {})}
    return trust.wanted(project.checkout, project.head, settings, given, roots)


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
    project.commit()
    assert listed(project).digest != before


def test_a_line_for_a_shell_that_is_longer_than_any_name_is_only_a_word(project: Project) -> None:
    line = "true " + "x" * 5000
    project.write("specwright.toml", f'[gates.t]\ncommand = ["sh", "-c", "{line}"]\n')
    assert listed(project).commands == (f"gate t: sh -c '{line}'",)


def test_settings_of_an_unbearable_size_are_not_read(project: Project) -> None:
    with (project.root / "specwright.toml").open("r+b") as file:
        file.truncate(2 << 40)
    with pytest.raises(WrongUse, match="over 1 MB"):
        trust.settings_text(str(project.root))


def test_roots_belong_to_the_list(project: Project, tmp_path: Path) -> None:
    before = listed(project).digest
    place = venv(tmp_path / "v")
    found = listed(project, {"VIRTUAL_ENV": str(place)})
    assert [root.path for root in found.roots] == [place]
    assert found.digest != before
    assert listed(project, None, str(place)).roots[0].why == "your settings"


def test_the_folder_of_our_own_settings_is_never_readable(project: Project) -> None:
    own = places().config_file.parent
    own.mkdir(parents=True, exist_ok=True)
    assert listed(project, None, str(own)).refused == (f"{own}: it holds {own}",)


def test_package_caches_are_shown_and_not_asked_for(project: Project, own_home: Path) -> None:
    before = listed(project)
    (own_home / ".cache" / "uv" / "archive-v0").mkdir(parents=True)
    (own_home / ".npm" / "_cacache").mkdir(parents=True)
    (own_home / ".npm" / "_cacache" / "index-v5").symlink_to(project.root)
    assert (listed(project).caches, listed(project).refused) == ((), ())
    settings, _ = read.project(trust.settings_text(str(project.root)))
    found = trust.wanted(project.checkout, project.head, settings, {"PATH": "/usr/bin:/bin"}, of_caches=Caches.READ)
    assert found.caches == (f"uv: {own_home}/.cache/uv (archive-v0)",)
    assert found.refused == (f"{own_home}/.npm: it is a repository",)
    assert found.digest == before.digest


def test_root_that_leads_elsewhere_is_asked_again(project: Project, tmp_path: Path) -> None:
    venv(tmp_path / "one")
    venv(tmp_path / "two")
    link = project.root / ".venv"
    link.symlink_to(tmp_path / "one")
    before = listed(project).digest
    assert trust.roots_shown(listed(project)) == (f"{link} → {tmp_path}/one (virtual environment)",)
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


@pytest.mark.parametrize(
    "command",
    [
        ["sh", "-c", "true && sh ./check.sh"], ["tool", "--config=check.sh"], ["env", "A=check.sh", "tool"],
        ["sh", "x/../check.sh"],
    ],
)  # fmt: skip
def test_a_file_inside_of_a_word_is_named_by_it(project: Project, command: list[str]) -> None:
    (project.root / "x").mkdir()
    project.write("specwright.toml", f"[gates.tests]\ncommand = {command}\n")
    before = listed(project).digest
    project.write("check.sh", "rm -rf /\n")
    project.commit()
    assert listed(project).digest != before


@pytest.mark.parametrize("word", ["run.sh", "./run.sh", "../check.sh"])
def test_a_file_is_named_from_the_folder_that_the_gate_runs_in(project: Project, word: str) -> None:
    project.write("docs/run.sh", "true\n")
    project.write("specwright.toml", f'[gates.tests]\ncommand = ["sh", "{word}"]\ncwd = "docs"\n')
    before = listed(project).digest
    project.commit()
    assert listed(project).digest == before
    project.write(f"docs/{word}", "rm -rf /\n")
    project.commit()
    assert listed(project).digest != before


@pytest.mark.parametrize("name", ["../outside.sh", "/etc/hostname", "-x", "docs", "gone.sh", "a\\u0000b"])
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


async def agree(context: Context, found: trust.Wanted) -> None:
    await context.store.write(consents.agree, found.root, found.digest, found.openings)


async def test_task_is_trusted_only_with_consent_to_its_own_list(project: Project, context: Context) -> None:
    task = task_of(project, SETTINGS)
    venv(project.root.parent / "v")
    before = await consent.of_task(context, task)
    assert (before.trusted, before.roots) == (False, ())
    await agree(context, before.wanted)
    after = await consent.of_task(context, task)
    assert (after.trusted, after.roots) == (True, (project.root.parent / "v",))
    project.write("check.sh", "changed\n")
    assert (await consent.of_task(context, task)).trusted
    project.commit()
    assert not (await consent.of_task(context, task_of(project, SETTINGS))).trusted


async def test_consent_is_to_what_a_task_starts_from_whatever_stands_there(project: Project, context: Context) -> None:
    await agree(context, (await consent.of_task(context, task_of(project, SETTINGS))).wanted)
    good = project.head
    project.write("check.sh", "rm -rf /\n")
    project.commit()
    task = task_of(project, SETTINGS)
    project.git("checkout", "-q", good)
    assert not (await consent.of_task(context, task)).trusted
    assert (await consent.of_task(context, task_of(project, SETTINGS))).trusted


async def test_a_file_that_no_commit_holds_counts_as_it_is(project: Project, context: Context) -> None:
    project.write(".gitignore", "own.sh\n")
    project.write("own.sh", "true\n")
    task = task_of(project, SETTINGS.replace("check.sh", "own.sh"))
    await agree(context, (await consent.of_task(context, task)).wanted)
    assert (await consent.of_task(context, task)).trusted
    project.write("own.sh", "rm -rf /\n")
    assert not (await consent.of_task(context, task)).trusted


async def test_consent_to_openings_is_none_to_commands(project: Project, context: Context) -> None:
    venv(project.root.parent / "v")
    task = task_of(project, SETTINGS)
    found = await trust.wanted_by(context, task)
    await context.store.write(consents.agree, found.root, found.openings)
    standing = await consent.of_task(context, task)
    assert (standing.opened, standing.trusted) == (True, False)


async def test_task_that_runs_nothing_of_the_projects_needs_no_consent(project: Project, context: Context) -> None:
    task = task_of(project, "")
    venv(project.root.parent / "v")
    standing = await consent.of_task(context, task)
    assert (standing.trusted, standing.roots) == (True, ())


async def test_settings_are_those_that_were_queued(project: Project, context: Context) -> None:
    task = task_of(project, SETTINGS)
    before = await trust.wanted_by(context, task)
    project.write("specwright.toml", SETTINGS.replace("--fast", "; evil"))
    assert await trust.wanted_by(context, task) == before


async def test_folder_shows_its_list_and_whether_it_is_agreed_to(project: Project, context: Context) -> None:
    folder = setup.Folder(str(project.root), {"PATH": "/usr/bin"})
    shown = await consent.show(context, folder)
    assert (shown.root, shown.commands, shown.agreed) == (str(project.root), listed(project).commands, False)
    with pytest.raises(WrongUse, match="changed while you read"):
        await consent.agree(context, setup.Agree(folder.folder, folder.environment, "0f3a"))
    assert (await consent.agree(context, setup.Agree(folder.folder, folder.environment, shown.digest))).agreed
    assert (await consent.show(context, folder)).agreed


async def test_consent_is_for_one_checkout_and_one_content(context: Context) -> None:
    store, one, two = context.store, "1" * 64, "2" * 64
    for _ in range(2):
        await store.write(consents.agree, "/a", one, "3" * 64)
    asked = [("/a", one), ("/a", two), ("/b", one), ("/a/", one), ("/a", "")]
    found = [await store.read(consents.agreed, root, [digest]) for root, digest in asked]
    assert found == [{one}, set(), set(), set(), set()]


async def test_consent_outlives_the_daemon(context: Context, tmp_path: Path) -> None:
    await context.store.write(consents.agree, "/a", "1" * 64)
    context.store.close()
    store = Store(tmp_path / "specwright.db")
    assert await store.read(consents.agreed, "/a", ["1" * 64])
    store.close()


async def test_copied_files_are_agreed_to_by_name(project: Project, context: Context) -> None:
    task = task_of(project, "")
    project.write(".gitignore", ".env*\n")
    project.write(".worktreeinclude", ".env*\n")
    project.write(".env", "KEY=1\n")
    found = await consent.of_task(context, task)
    assert (found.wanted.included, found.included, found.trusted) == ((".env",), (), False)
    await agree(context, found.wanted)
    project.write(".env", "KEY=2\n")
    agreed = await consent.of_task(context, task)
    assert (agreed.included, agreed.trusted) == ((".env",), True)
    project.write(".env.local", "KEY=3\n")
    again = await consent.of_task(context, task)
    assert (again.included, again.trusted) == ((), False)
