"""What is promised of a whole run, with real git and a scripted agent."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from git_project import Project, make
from specwright.api.news import Step
from specwright.config.settings import SandboxMode, UserSettings
from specwright.engine import trust
from specwright.engine.context import Context
from specwright.engine.perform import perform
from specwright.git import journal, refs, slots, trees
from specwright.git.journal import SlotState
from specwright.git.slots import Slot
from specwright.paths import deleting
from specwright.paths.places import places
from specwright.sandbox.bubblewrap import Bubblewrap
from specwright.sandbox.probe import Probe
from specwright.sandbox.unboxed import Unboxed
from specwright.sandbox.visible import Visible
from specwright.store import consents, runs
from specwright.store import tasks as task_rows
from specwright.store.admitting import Rules, admit
from specwright.store.database import Store
from specwright.tasks.model import GateResult, Outcome, Phase, Place, Reason, Revision, Run, State, Wanted, Wish

SETUP = '[slots]\nsetup = ["sh", "-c", "mkdir -p .venv && cat uv.lock > .venv/made && echo x >> .venv/times"]\n'


@dataclass
class Player:
    """Performs tasks of a project, each by one command of its agent."""

    context: Context
    project: Project

    async def perform(self, command: str, settings: str = "", agreed: bool = True) -> Run:
        """The task's run as it ended, of a user who agreed to what it runs."""
        script = json.dumps({"*": [[{"tool": "bash", "input": {"command": command}}]]})
        revision = Revision(command, command, "# spec! Do", (Wanted(1, "it works"),), ())
        place = Place("a.py", 1, 2)
        wish = Wish(self.project.checkout, place, revision, self.project.head, "scripted", settings, script=script)
        task = (await self.context.store.write(task_rows.submit, wish)).task
        if agreed:
            wanted = await trust.wanted_by(self.context, await self.context.store.read(task_rows.load, task))
            await self.context.store.write(consents.agree, wanted.root, wanted.digest)
        (start,) = (await self.context.store.write(admit, frozenset(), {task: ()}, Rules(99))).start
        await perform(self.context, start)
        (run,) = await self.context.store.read(runs.load, task)
        return run

    def events(self, run: Run) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.context.files(run.task, run.number).events.read_text().splitlines()]

    def only_slot(self) -> Path:
        (record,) = self.project.repository.slots.glob("sw-*.json")
        return record.with_suffix("")


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    here = places({"SPECWRIGHT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)})
    here.state.mkdir(parents=True)
    project = make(tmp_path / "project", here.slots)
    project.write("a.py", "# spec! Do\n")
    project.write("uv.lock", "1\n")
    project.write(".gitignore", "*.secret\nbuild/\n")
    project.commit()
    store = Store(here.database)
    yield Player(Context(here, store, UserSettings(sandbox=SandboxMode.NONE), Probe(SandboxMode.NONE)), project)
    store.close()


async def test_result_is_reachable_before_the_slot_is_freed(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    release, seen = slots.release, []

    def watched(slot: Slot) -> None:
        entry = journal.read(slot.repository.slots, slot.name)
        assert entry is not None
        task, number = entry.run.split("/")
        seen.append((entry.state, slot.repository.result(task, int(number))))
        release(slot)

    monkeypatch.setattr(slots, "release", watched)
    run = await player.perform("echo made > made.py")
    assert run.head is not None
    assert seen == [(SlotState.BUSY, run.head)]


async def test_the_result_says_which_spec_it_is_of(player: Player) -> None:
    """The text of a revision is its digest here."""
    run = await player.perform("echo x > made.py")
    repository = player.project.repository
    commit = repository.result(run.task, run.number)
    said = player.project.git(f"--git-dir={repository.path}", "log", "-1", "--format=%B", str(commit)).strip()
    trailers = f"Spec-Id: {run.task}\nSpec-Digest: echo x > made.py\nAssisted-by: scripted"
    assert said == f"echo x > made.py\n\n{trailers}"


async def test_swapped_git_file_ends_the_run(player: Player) -> None:
    run = await player.perform("rm .git && echo 'gitdir: /elsewhere' > .git && echo x > made.py")
    assert run.outcome is Outcome.ERROR
    assert "was changed by what ran there" in str(run.reason)
    assert list(player.project.repository.slots.glob("sw-*.json")) == []


async def test_ignored_new_files_are_reported(player: Player) -> None:
    run = await player.perform("mkdir build && echo x > build/out && echo x > key.secret && echo x > made.py")
    (event,) = [event for event in player.events(run) if event["event"] == "ignored"]
    assert (event["files"], event["paths"]) == (2, "build/, key.secret")
    assert [
        event for event in player.events(await player.perform("echo y > made.py")) if event["event"] == "ignored"
    ] == []


async def test_kept_dependencies_are_rebuilt_when_the_lockfile_changes(player: Player) -> None:
    for command in ("echo 1 > made.py", "echo 2 > made.py"):
        await player.perform(command, SETUP)
    kept = player.only_slot() / ".venv"
    assert (kept / "made").read_text() == "1\n"
    assert (kept / "times").read_text() == "x\n"  # the second run's were the first's
    player.project.write("uv.lock", "2\n")
    player.project.commit()
    await player.perform("echo 3 > made.py", SETUP)
    assert ((kept / "made").read_text(), (kept / "times").read_text()) == ("2\n", "x\n")


async def test_what_was_admitted_with_a_consent_that_is_gone_waits_for_it(player: Player) -> None:
    run = await player.perform("echo 1 > made.py", SETUP, agreed=False)
    task = await player.context.store.read(task_rows.load, run.task)
    assert (run.ended, task.state, task.reasons) == (None, State.WAITING, (Reason.TRUST,))
    assert [event["event"] for event in player.events(run)] == ["put_back"]


async def test_tree_that_can_be_no_commit_is_kept_aside(player: Player) -> None:
    run = await player.perform("git init -q inner && echo x > inner/work.py")
    assert run.outcome is Outcome.ERROR
    (kept,) = (player.project.repository.slots / "trash").glob("sw-*/inner/work.py")
    assert kept.read_text() == "x\n"


async def test_a_cancel_leaves_nobody_at_work_in_the_slot(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    restore, began, go_on, done = slots.restore, threading.Event(), threading.Event(), threading.Event()

    def watched(slot: Slot, commit: str) -> None:
        began.set()
        assert go_on.wait(20)
        restore(slot, commit)
        done.set()

    monkeypatch.setattr(slots, "restore", watched)
    work = asyncio.create_task(player.perform("echo made > made.py"))
    assert await asyncio.to_thread(began.wait, 20)
    work.cancel()
    await asyncio.wait({work}, timeout=0.2)
    over = work.done()
    go_on.set()
    await asyncio.wait({work})
    assert done.is_set()
    assert not over  # the slot is given back when the run is over, and reset by the next one


GATE = '[gates.sly]\ncommand = ["git", "--git-dir={}", "config", "core.bare", "true"]\n[gates.good]\ncommand = "true"\n'


async def test_gate_that_changes_the_users_git_config_is_an_error(player: Player) -> None:
    config = player.project.root / ".git" / "config"
    before = config.read_bytes()
    run = await player.perform("echo x > made.py", GATE.format(config.parent))
    sly, good = await player.context.store.read(runs.gates_of, run.task, run.number)
    assert config.read_bytes() == before
    assert (sly.result, sly.exit_code, good.result) == (GateResult.ERROR, 0, GateResult.PASSED)
    assert run.outcome is Outcome.INCONCLUSIVE
    (aside,) = (config.parent / "specwright").glob("config-*")
    assert "bare = true" in aside.read_text()
    assert str(aside) in str(sly.reason)


async def test_gate_beside_one_that_changes_the_config_brings_no_change_back(player: Player) -> None:
    here, box = player.project.checkout, Unboxed(Visible(player.project.root))
    over, config = player.context.git_settings.over, player.project.repository.common_dir / "config"
    before = config.read_bytes()
    with over(here, box) as first:
        player.project.git("config", "core.bare", "true")
        with over(here, box) as second:
            pass
        assert config.read_bytes() == before
    assert config.read_bytes() == before
    assert first.sentence == second.sentence is not None
    with over(here, box) as later:
        pass
    assert later.sentence is None


async def test_users_change_beside_a_gate_in_the_sandbox_stays(player: Player) -> None:
    box = Bubblewrap(Visible(player.project.root))
    with player.context.git_settings.over(player.project.checkout, box) as seen:
        player.project.git("config", "user.name", "Another")
    assert seen.sentence is None
    assert player.project.git("config", "user.name") == "Another"


SEEING = '[gates.sees]\ncommand = ["sh", "-c", "grep -q made made.py && test ! -e new.py{}"]\n'


def meddle_at(player: Player, phase: Phase, meddle: Callable[[], object]) -> None:
    """Have somebody else at work when a phase begins: an editor of the user's, what outlived its end."""

    def step(_root: str, begun: Step) -> None:
        if begun.phase is phase and begun.gate is None:
            meddle()

    player.context.on_step = step


async def check_lands_what_gates_saw(player: Player, run: Run) -> None:
    """The result holds what the agent made, and the gates' verdict is on that tree."""
    repository = player.project.repository
    (gate,) = await player.context.store.read(runs.gates_of, run.task, run.number)
    assert run.head is not None
    assert (gate.result, gate.tree) == (GateResult.PASSED, trees.tree_of(repository, run.head))
    assert repository.result(run.task, run.number) == run.head
    assert trees.text(repository, run.head, "made.py") == "made\n"
    assert [change.path for change in trees.changed(repository, player.project.head, run.head)] == ["made.py"]


@pytest.mark.parametrize("phase", [Phase.GATES, Phase.RECORDING])
async def test_what_another_writes_into_the_slot_behind_the_commit_is_in_no_result(
    player: Player, phase: Phase
) -> None:
    def write() -> None:
        slot = player.only_slot()
        (slot / "made.py").write_text("evil\n")
        (slot / "new.py").write_text("evil\n")
        player.project.git("add", "-A", folder=slot)
        player.project.git("commit", "-qm", "Evil", folder=slot)

    meddle_at(player, phase, write)
    await check_lands_what_gates_saw(player, await player.perform("echo made > made.py", SEEING.format("")))


async def test_what_a_gate_writes_into_the_slot_is_in_no_result(player: Player) -> None:
    settings = SEEING.format(" && echo evil > made.py && echo evil > new.py && git add -A")
    await check_lands_what_gates_saw(player, await player.perform("echo made > made.py", settings))


async def test_a_ref_that_another_moved_behind_the_gates_passes_nothing(player: Player) -> None:
    def move() -> None:
        repository = player.project.repository
        (ref,) = [name for name in refs.list_refs(repository) if not name.endswith("/base")]
        player.project.git("--git-dir", str(repository.path), "update-ref", ref, player.project.head)

    meddle_at(player, Phase.RECORDING, move)
    run = await player.perform("echo made > made.py", SEEING.format(""))
    assert (run.outcome, "is not under its ref" in str(run.reason)) == (Outcome.ERROR, True)


async def test_a_script_of_set_up_that_the_agent_changed_does_not_run(player: Player) -> None:
    player.project.write("setup.sh", "mkdir -p .venv && echo good >>.venv/made\n")
    player.project.commit()
    settings = '[slots]\nsetup = ["sh", "setup.sh"]\n[gates.t]\ncommand = ["cat", ".venv/made"]\n'
    evil = "echo 'mkdir -p .venv && echo evil >>.venv/made' >setup.sh; rm -r .venv"
    for number in range(2):  # a later task in the same slot, too
        run = await player.perform(f"{evil} # {number}", settings)
        assert run.outcome is Outcome.PASSED, run.reason
        (gate,) = await player.context.store.read(runs.gates_of, run.task, run.number)
        assert (gate.result, Path(gate.log or "").read_text()) == (GateResult.PASSED, "good\n")


NESTED = 'python3 -c \'import os; [(os.mkdir("d" * 20), os.chdir("d" * 20)) for _ in range({})]\''


@pytest.mark.parametrize("depth", [300, 3000])
@pytest.mark.parametrize("folder", ["node_modules", "docs"])
async def test_folders_nested_beyond_any_path_harm_no_later_run(player: Player, folder: str, depth: int) -> None:
    """Longer than any path may be, and deeper than Python can walk."""
    try:
        await player.perform(f"mkdir {folder}; cd {folder}; echo made > made.py; {NESTED.format(depth)}")
        again = await player.perform("echo made > made.py")
        assert again.outcome is Outcome.INCONCLUSIVE, again
        assert not (player.only_slot() / folder).exists()
    finally:
        deleting.delete(player.context.places.slots)
    assert not player.context.places.slots.exists()
