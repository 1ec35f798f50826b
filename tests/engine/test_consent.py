"""Commands of a trusted branch need no asking, whoever tries to look like it; openings and checks are always asked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from git_project import Project, make
from specwright.api import setup
from specwright.config import read
from specwright.config.settings import SandboxMode, UserSettings
from specwright.engine import consent, trust
from specwright.engine.context import Context
from specwright.git import private
from specwright.paths.places import places
from specwright.sandbox.probe import Probe
from specwright.store import consents
from specwright.store import tasks as task_rows
from specwright.store.database import Store
from specwright.tasks.model import Place, Revision, State, Task, Wanted, Wish

SETTINGS = '[gates.tests]\ncommand = ["sh", "check.sh"]\n'
EVIL = SETTINGS.replace("check.sh", "evil.sh")
PATH = {"PATH": "/usr/bin:/bin"}
PARTIAL = Probe(SandboxMode.PARTIAL, left_open=("a",))
Contexts = Callable[..., Context]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A clone whose `origin/main` holds the settings; what is checked out is a branch of another's, `feature`."""
    made = make(tmp_path / "project", tmp_path / "slots", "-b", "main")
    made.write("specwright.toml", SETTINGS)
    made.write("check.sh", "true\n")
    made.write("greeting.py", "x\n")
    made.commit()
    made.git("remote", "add", "origin", str(tmp_path / "elsewhere"))
    made.git("update-ref", "refs/remotes/origin/main", "HEAD")
    made.git("checkout", "-qb", "feature")
    made.write("greeting.py", "y\n")
    made.commit()
    return made


@pytest.fixture
def of(tmp_path: Path) -> Iterator[Contexts]:
    """Makes a context of a user who trusts these branches."""
    store = Store(tmp_path / "specwright.db")
    full = Probe(SandboxMode.FULL)
    yield lambda *trusted, probe=full: Context(places(), store, UserSettings(trusted=trusted), probe)
    store.close()


def task_of(project: Project, settings: str = SETTINGS, base: str = "", *checks: str) -> Task:
    criteria = tuple(Wanted(number, "it works", check) for number, check in enumerate(checks, 1))
    revision = Revision("0" * 64, "Greet", "spec! Greet", criteria, ())
    place = Place("greeting.py", 1, 1)
    wish = Wish(project.checkout, place, revision, base or project.head, "scripted", settings, tuple(PATH.items()))
    return Task("k7f3qa", wish, State.WAITING, datetime.now(UTC))


async def branch_of(context: Context, task: Task) -> str | None:
    """The branch that speaks for the task's commands; nothing else was agreed to, so it alone decides."""
    standing = await consent.of_task(context, task)
    assert standing.trusted == (standing.branch is not None)
    return standing.branch


@pytest.mark.parametrize("name", ["origin/main", "refs/remotes/origin/main", "main", "refs/heads/main"])
async def test_commands_of_a_trusted_branch_are_not_asked_about(project: Project, of: Contexts, name: str) -> None:
    assert await branch_of(of("nowhere", name), task_of(project)) == name
    assert await branch_of(of(), task_of(project)) is None
    assert await branch_of(of("nowhere"), task_of(project)) is None


async def test_a_branch_that_went_on_still_speaks_for_what_it_was(project: Project, of: Contexts) -> None:
    base = project.head
    project.git("checkout", "-q", "main")
    project.write("specwright.toml", SETTINGS + "# newer\n")
    project.git("update-ref", "refs/remotes/origin/main", project.commit())
    assert await branch_of(of("origin/main"), task_of(project, base=base)) == "origin/main"


async def test_settings_that_the_branch_changed_are_asked_about(project: Project, of: Contexts) -> None:
    project.write("specwright.toml", EVIL)
    project.commit()
    assert await branch_of(of("origin/main"), task_of(project, EVIL)) is None


async def test_settings_that_are_changed_in_the_working_tree_alone_are_asked_about(
    project: Project, of: Contexts
) -> None:
    project.write("specwright.toml", EVIL)
    assert await branch_of(of("origin/main"), task_of(project, EVIL)) is None
    shown = await consent.show(of("origin/main"), setup.Folder(str(project.root), PATH))
    assert (shown.agreed, shown.branch) == (False, None)


async def test_settings_that_were_never_committed_are_asked_about(project: Project, of: Contexts) -> None:
    project.git("checkout", "-q", "main")
    project.git("rm", "-q", "specwright.toml")
    project.git("update-ref", "refs/remotes/origin/main", project.commit())
    project.write("specwright.toml", SETTINGS)
    assert await branch_of(of("origin/main", "main"), task_of(project)) is None


@pytest.mark.parametrize("how", ["written", "a link", "a link above it", "in a shell's line", "where it runs"])
async def test_a_file_that_a_command_names_is_asked_about_where_it_changed(
    project: Project, of: Contexts, how: str
) -> None:
    settings = {
        "in a shell's line": '[gates.tests]\ncommand = ["sh", "-c", "cd . && sh ./tools/check.sh"]\n',
        "where it runs": '[gates.tests]\ncommand = ["sh", "check.sh"]\ncwd = "tools"\n',
    }.get(how, '[gates.tests]\ncommand = ["sh", "tools/check.sh"]\n')
    project.git("checkout", "-q", "main")
    project.write("specwright.toml", settings)
    file = project.write("real/check.sh", "true\n")
    above = project.root / "tools"
    if how == "a link above it":
        above.symlink_to("real")
    elif how == "a link":
        above.mkdir()
        (above / "check.sh").symlink_to("../real/check.sh")
    else:
        file = project.write("tools/check.sh", "true\n")
    project.git("update-ref", "refs/remotes/origin/main", project.commit())
    project.git("checkout", "-qb", "attack")
    assert await branch_of(of("origin/main"), task_of(project, settings)) == "origin/main"
    file.write_text("rm -rf /\n")
    project.commit()
    assert await branch_of(of("origin/main"), task_of(project, settings)) is None


async def test_a_file_beside_the_commands_may_change(project: Project, of: Contexts) -> None:
    settings = '[gates.tests]\ncommand = ["pytest", "tests"]\n'
    project.git("checkout", "-q", "main")
    project.write("specwright.toml", settings)
    project.write("tests/test_a.py", "1\n")
    project.git("update-ref", "refs/remotes/origin/main", project.commit())
    project.write("tests/test_a.py", "2\n")
    project.commit()
    assert await branch_of(of("origin/main"), task_of(project, settings)) == "origin/main"


async def test_unrelated_histories_have_no_branch_in_common(project: Project, of: Contexts) -> None:
    project.git("checkout", "-q", "--orphan", "other")
    project.commit()
    task = task_of(project)
    assert project.git("show", f"{task.wish.base}:specwright.toml") == SETTINGS.strip()
    assert await branch_of(of("origin/main"), task) is None


@pytest.mark.parametrize(
    "ref", ["refs/heads/specwright/k7f3qa", "refs/specwright/tasks/k7f3qa/1", "refs/remotes/origin/specwright/k7f3qa"]
)
async def test_a_branch_of_our_own_never_counts(project: Project, of: Contexts, ref: str) -> None:
    project.write("specwright.toml", EVIL)
    project.git("update-ref", ref, project.commit())
    short = ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    for name in {ref, short}:
        settings, problems = read.user(f'trusted = ["{name}"]')
        assert (settings.trusted, len(problems)) == ((), 1)
        assert await branch_of(of(name), task_of(project, EVIL)) is None  # though it were named all the same


async def test_a_name_that_leads_to_a_branch_of_our_own_does_not_count(project: Project, of: Contexts) -> None:
    project.write("specwright.toml", EVIL)
    project.git("update-ref", "refs/heads/specwright/k7f3qa", project.commit())
    project.git("symbolic-ref", "refs/heads/stable", "refs/heads/specwright/k7f3qa")
    assert await branch_of(of("stable"), task_of(project, EVIL)) is None


@pytest.mark.parametrize("keeps_the_real_one", [True, False])
async def test_a_local_branch_that_is_called_like_a_remotes_does_not_count(
    project: Project, of: Contexts, keeps_the_real_one: bool
) -> None:
    """As a tool makes it that checks out somebody's change under the name that they chose."""
    project.write("specwright.toml", EVIL)
    project.git("update-ref", "refs/heads/origin/main", project.commit())
    if not keeps_the_real_one:
        project.git("update-ref", "-d", "refs/remotes/origin/main")
    assert await branch_of(of("origin/main"), task_of(project, EVIL)) is None


async def test_a_name_that_two_branches_have_is_neithers(project: Project, of: Contexts) -> None:
    project.git("config", "--remove-section", "remote.origin")
    project.write("specwright.toml", EVIL)
    project.git("update-ref", "refs/heads/origin/main", project.commit())
    assert await branch_of(of("origin/main"), task_of(project, EVIL)) is None
    assert await branch_of(of("refs/heads/origin/main"), task_of(project, EVIL)) == "refs/heads/origin/main"


async def test_a_tag_is_no_branch(project: Project, of: Contexts) -> None:
    project.write("specwright.toml", EVIL)
    project.git("tag", "v1", project.commit())
    project.git("update-ref", "refs/tags/origin/next", "HEAD")
    assert await branch_of(of("v1", "origin/next", "HEAD"), task_of(project, EVIL)) is None


async def test_branches_of_the_private_repository_are_nobodys(project: Project, of: Contexts) -> None:
    """What could be moved from inside of a box is not looked at."""
    project.write("specwright.toml", EVIL)
    evil = project.commit()
    repository = private.private_repository(project.checkout, project.slots)
    private.bring(repository, project.checkout, evil, "k7f3qa")
    for ref in ("refs/heads/main", "refs/remotes/origin/main"):
        project.git(f"--git-dir={repository.path}", "update-ref", ref, evil)
    assert await branch_of(of("origin/main", "main"), task_of(project, EVIL)) is None


async def test_a_commit_that_specwright_made_is_no_branchs(project: Project, of: Contexts) -> None:
    """The base of a task behind another one lies in the private repository alone."""
    with_result = replace(task_of(project), wish=replace(task_of(project).wish, base="1" * 40))
    assert await branch_of(of("origin/main"), with_result) is None


async def test_a_replaced_commit_is_looked_at_as_it_is(project: Project, of: Contexts) -> None:
    good = project.head
    project.write("check.sh", "rm -rf /\n")
    project.git("replace", project.commit(), good)
    assert await branch_of(of("origin/main"), task_of(project)) is None


async def test_what_moves_the_branch_is_seen_at_once(project: Project, of: Contexts) -> None:
    project.write("specwright.toml", EVIL)
    evil, context = project.commit(), of("origin/main")
    task = task_of(project, EVIL)
    assert await branch_of(context, task) is None
    project.git("update-ref", "refs/remotes/origin/main", evil)  # as a fetch does after a merge over there
    assert await branch_of(context, task) == "origin/main"
    project.git("update-ref", "refs/remotes/origin/main", f"{evil}~1")
    assert await branch_of(context, task) is None


async def test_openings_are_asked_on_a_trusted_branch_too_and_once(
    project: Project, of: Contexts, tmp_path: Path
) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "pyvenv.cfg").write_text("")
    context, folder = of("origin/main"), setup.Folder(str(project.root), {**PATH, "VIRTUAL_ENV": str(tmp_path / "v")})
    shown = await consent.show(context, folder)
    assert (shown.branch, shown.agreed, len(shown.roots)) == ("origin/main", False, 1)
    assert (await consent.agree(context, setup.Agree(folder.folder, folder.environment, shown.digest))).agreed

    project.git("checkout", "-q", "main")
    project.write("check.sh", "false\n")  # other commands of the same branch, with the same openings
    project.git("update-ref", "refs/remotes/origin/main", project.commit())
    later = await consent.show(context, folder)
    assert (later.branch, later.agreed) == ("origin/main", True)
    assert not (await consent.show(of(), folder)).agreed

    project.write(".gitignore", ".env\n")
    project.write(".env", "KEY=1\n")
    project.write(".worktreeinclude", ".env\n")
    project.git("update-ref", "refs/remotes/origin/main", project.commit())
    more = await consent.show(context, folder)
    assert (more.branch, more.agreed, more.included) == ("origin/main", False, (".env",))


async def test_a_partial_sandbox_is_asked_about_on_a_trusted_branch(project: Project, of: Contexts) -> None:
    context, task = of("origin/main", probe=PARTIAL), task_of(project)
    first = await consent.of_task(context, task)
    assert (first.branch, first.trusted) == ("origin/main", False)
    await context.store.write(consents.agree, first.wanted.root, first.wanted.openings)
    assert (await consent.of_task(context, task)).trusted


@pytest.mark.parametrize(
    ("probe", "asked"),
    [(Probe(SandboxMode.FULL), ()), (Probe(SandboxMode.NONE), ()), (PARTIAL, ("sh a.sh", "true"))],
)
async def test_checks_of_a_spec_are_asked_about_in_a_partial_sandbox(
    project: Project, of: Contexts, probe: Probe, asked: tuple[str, ...]
) -> None:
    task = task_of(project, "", "", "sh a.sh", "true", "true")
    assert (await consent.of_task(of(probe=probe), task)).checks == asked


async def test_a_check_is_agreed_to_once_with_the_list_that_shows_it(project: Project, of: Contexts) -> None:
    context, folder = of(probe=PARTIAL), setup.Folder(str(project.root), PATH)
    alone = await consent.show(context, folder)
    wish = task_of(project, SETTINGS, "", "sh a.sh").wish
    await context.store.write(task_rows.submit, wish)
    shown = await consent.show(context, folder)
    assert (alone.checks, shown.checks) == ((), ("sh a.sh",))
    assert alone.digest != shown.digest  # who was shown the one has not agreed to the other

    agreed = await consent.agree(context, setup.Agree(folder.folder, folder.environment, shown.digest))
    assert (agreed.agreed, agreed.checks) == (True, ("sh a.sh",))
    assert (await consent.of_task(context, task_of(project, SETTINGS, "", "sh a.sh"))).trusted
    other = await consent.of_task(context, task_of(project, SETTINGS, "", "sh a.sh", "sh b.sh"))
    assert (other.checks, other.runs, other.trusted) == (("sh b.sh",), True, False)


async def test_a_check_is_no_consent_to_a_list_with_the_same_words(project: Project, of: Contexts) -> None:
    context = of(probe=PARTIAL)
    await context.store.write(consents.agree, str(project.root), trust.digest_of("check", "sh check.sh"))
    standing = await consent.of_task(context, task_of(project, SETTINGS, "", "sh check.sh"))
    assert (standing.checks, standing.runs) == ((), False)


async def test_a_project_can_not_name_what_is_trusted(project: Project, of: Contexts) -> None:
    text = 'trusted = ["feature"]\n' + EVIL
    project.write("specwright.toml", text)
    project.commit()
    _, problems = read.project(text)
    assert [problem.message for problem in problems] == [
        "'trusted' counts only in your own config.toml; it is left out."
    ]
    assert await branch_of(of(), task_of(project, text)) is None
