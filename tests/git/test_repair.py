"""Whatever was killed: the next start mends it, keeps the work of runs, and touches nothing that is not ours."""

import asyncio
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from git_project import TASK, Project
from specwright.git import journal, making, private, refs, slots, trash, trees
from specwright.git.journal import Entry, SlotState
from specwright.git.private import PrivateRepository
from specwright.git.slots import Slot

NAME = "sw-00c0ffee"
TAKE = f"""
import sys
from pathlib import Path
from specwright.git import checkout, private, slots
here = checkout.find(Path(sys.argv[1]))
repository = private.private_repository(here, Path(sys.argv[2]))
private.bring(repository, here, checkout.head(here), "{TASK}")
print("ready", flush=True)
slots.take(repository, "{TASK}/1", 1, checkout.head(here))
"""


def worked(project: Project, run: str = f"{TASK}/1") -> Slot:
    """A run's slot with work that no commit holds."""
    slot = project.take(run)
    (slot.path / "work.py").write_text("unsaved\n")
    return slot


def half_made(repository: PrivateRepository, head: str, *, record: bool = True) -> Path:
    """What a killed `worktree add` leaves: an admin folder in a state that breaks every fetch."""
    admin = repository.path / "worktrees" / NAME
    admin.mkdir(parents=True)
    (admin / "HEAD").write_text(head)
    (admin / "commondir").write_text("../..\n")
    (admin / "gitdir").write_text(f"{repository.slots / NAME / '.git'}\n")
    (admin / "locked").write_text("initializing")
    if record:
        entry = Entry(NAME, repository.project, str(repository.common_dir), SlotState.ADDING)
        journal.write(repository.slots, entry)
    return admin


@pytest.mark.parametrize("head", ["0" * 40 + "\n", "", "garbage\n"])
@pytest.mark.parametrize("record", [True, False])
def test_killed_add_is_repaired(project: Project, head: str, record: bool) -> None:
    slot = worked(project)
    half_made(slot.repository, head, record=record)
    slots.repair(slot.repository)
    project.write("greeting.py", "next\n")
    assert project.take("other/1", base=project.commit()).path.is_dir()
    assert project.take().path == slot.path
    assert (slot.path / "work.py").read_text() == "unsaved\n"


def test_base_that_a_killed_fetch_brought_by_halves_is_fetched_again(project: Project) -> None:
    path = project.take().repository.path
    project.write("greeting.py", "its blob never came\n")
    base = project.commit()
    for oid in (base, project.git("rev-parse", "HEAD^{tree}")):
        loose = f"objects/{oid[:2]}/{oid[2:]}"
        (path / loose).parent.mkdir(exist_ok=True)
        shutil.copy(project.root / ".git" / loose, path / loose)
    taken = project.take("other/1", base=base)
    assert (taken.path / "greeting.py").read_text() == "its blob never came\n"


def test_bringing_a_base_mends_what_is_in_its_way(project: Project) -> None:
    slot = worked(project)
    (half_made(slot.repository, project.head) / "commondir").write_text("")
    project.write("greeting.py", "next\n")
    assert project.take("other/1", base=project.commit()).path.is_dir()
    assert project.take().path == slot.path


@pytest.mark.parametrize("name", ["commondir", "gitdir", "HEAD"])
def test_emptied_admin_file_never_costs_a_ref(project: Project, name: str) -> None:
    slot = worked(project)
    result = project.save(slot)
    broken = project.take("other/1")
    (broken.git_dir / name).write_text("")
    slots.repair(slot.repository)
    assert slot.repository.result(TASK, 1) == result
    assert project.take().path == slot.path
    assert making.healthy(slot.repository.path)


@pytest.mark.parametrize(("name", "left"), [("HEAD", "0" * 40), ("commondir", "")])
def test_killed_add_never_breaks_the_users_fetch_gc_or_status(project: Project, name: str, left: str) -> None:
    slot = project.take()
    for admin in (project.root / ".git").rglob(f"worktrees/{slot.name}"):  # wherever it is made
        (admin / name).write_text(left)
    with pytest.raises(AssertionError):
        project.git(f"--git-dir={slot.repository.path}", "fetch", "-q", ".")
    for words in (("fetch", "-q", "."), ("gc", "-q"), ("worktree", "list"), ("branch", "-a"), ("status",), ("fsck",)):
        project.git(*words)


@pytest.mark.parametrize("delay", [0.0, 0.002, 0.004, 0.006, 0.008, 0.011, 0.015, 0.02])
async def test_take_killed_at_any_moment_is_mended(project: Project, delay: float) -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", TAKE, project.root, project.slots, stdout=asyncio.subprocess.PIPE
    )
    assert killed.stdout is not None
    assert await asyncio.wait_for(killed.stdout.readline(), 60) == b"ready\n"
    await asyncio.sleep(delay)
    if killed.returncode is None:
        killed.kill()
    await killed.wait()
    slots.repair(project.repository)
    assert (project.take().path / "greeting.py").is_file()
    assert making.healthy(project.repository.path)
    project.git("fsck")


def what_there_is(repository: PrivateRepository) -> dict[Path, tuple[int, int]]:
    """Everything in the private repository and beside the slots, told apart from a copy of it."""
    found = [*repository.path.rglob("*"), *repository.slots.rglob("*")]
    return {path: (path.lstat().st_ino, path.lstat().st_mtime_ns) for path in found}


def test_repair_is_idempotent(project: Project) -> None:
    slot, lost, idle = worked(project), worked(project, "lost/1"), project.take("idle/1")
    half_made(slot.repository, "")
    lose_record(lost)
    slots.release(idle)
    slots.repair(slot.repository)
    before = what_there_is(slot.repository)
    for _ in range(2):
        slots.repair(slot.repository)
    assert what_there_is(slot.repository) == before
    entry = journal.read(slot.repository.slots, slot.name)
    assert entry is not None
    assert (entry.state, entry.run) == (SlotState.BUSY, f"{TASK}/1")
    assert (project.take().path / "work.py").read_text() == "unsaved\n"


def lose_record(slot: Slot) -> None:
    journal.forget(slot.repository.slots, slot.name)


def lose_admin(slot: Slot) -> None:
    shutil.rmtree(slot.git_dir)


def lose_nothing(_slot: Slot) -> None: ...


@pytest.mark.parametrize("lose", [lose_record, lose_admin, lose_nothing])
def test_repair_keeps_uncommitted_work_of_a_busy_slot(project: Project, lose: Callable[[Slot], None]) -> None:
    slot = worked(project)
    lose(slot)
    slots.repair(slot.repository)
    for put in trash.entries(slot.repository.slots, slot.repository.project):
        if trash.is_safe(slot.repository, put):
            trash.empty(slot.repository, put)
    places = [slot.path, *(slot.repository.slots / "trash").glob(f"{slot.name}-*")]
    assert [place for place in places if (place / "work.py").exists()]
    assert project.take(f"{TASK}/2").path != slot.path


def test_unreadable_record_keeps_the_slot(project: Project) -> None:
    slot = worked(project)
    (slot.repository.slots / f"{slot.name}.json").write_text('{"state": "from a newer version"')
    slots.repair(slot.repository)
    assert (slot.path / "work.py").exists()
    assert slot.git_dir.is_dir()
    assert project.take(f"{TASK}/2").path != slot.path


@pytest.mark.parametrize("place", ["foreign", NAME, "slots/PROJECT/foreign"])
def test_repair_never_touches_a_worktree_that_is_not_ours(project: Project, tmp_path: Path, place: str) -> None:
    repository = project.take().repository
    foreign = tmp_path / place.replace("PROJECT", repository.project)
    project.git(f"--git-dir={repository.path}", "worktree", "add", "-q", "--detach", str(foreign), project.head)
    project.git("worktree", "add", "-q", "--detach", str(tmp_path / "users"))
    (tmp_path / "users" / "mine").write_text("")
    (foreign / "mine").write_text("")
    slots.repair(repository)
    private.rebuild(repository)
    assert (repository.path / "worktrees" / foreign.name).is_dir()
    assert (foreign / "mine").exists()
    assert project.git("status", "--porcelain", folder=tmp_path / "users") == "?? mine"


def test_rebuild_keeps_every_task_ref_and_every_slot(project: Project) -> None:
    slot = worked(project)
    project.save(slot)
    before = refs.list_refs(slot.repository)
    private.rebuild(slot.repository)
    assert refs.list_refs(slot.repository) == before
    assert len(before) == 2
    assert project.save(slot, expected=before[slot.repository.ref(TASK, 1)])


@pytest.mark.parametrize("left", ["repo.git.new-1", "repo.git.old"])
def test_what_a_killed_rebuild_left_is_removed(project: Project, left: str) -> None:
    slot = worked(project)
    shutil.copytree(slot.repository.path, slot.repository.path.with_name(left))
    slots.repair(slot.repository)
    assert not slot.repository.path.with_name(left).exists()
    assert project.take().path == slot.path


def test_exchange_killed_half_way_is_undone(project: Project) -> None:
    slot = worked(project)
    result = project.save(slot)
    slot.repository.path.rename(slot.repository.path.with_name("repo.git.old"))
    assert project.repository.result(TASK, 1) == result
    assert (project.take().path / "work.py").exists()


def test_worktrees_put_aside_by_a_killed_rebuild_come_back(project: Project) -> None:
    slot = worked(project)
    (slot.repository.path / "worktrees").rename(slot.repository.path / making.ASIDE)
    slots.repair(slot.repository)
    assert project.take().path == slot.path
    assert (slot.path / "work.py").read_text() == "unsaved\n"


def test_private_repository_that_was_deleted_is_made_again(project: Project) -> None:
    slot = worked(project)
    shutil.rmtree(project.root / ".git" / "specwright")
    assert (project.take("other/1").path / "greeting.py").is_file()
    assert (slot.path / "work.py").exists()


def test_preparing_slot_of_a_dead_process_is_free_again(project: Project) -> None:
    slot = project.take()
    entry = journal.read(slot.repository.slots, slot.name)
    assert entry is not None
    dead = replace(entry, state=SlotState.PREPARING, boot_id="before the reboot")
    text = json.dumps(asdict(dead))
    (slot.repository.slots / f"{slot.name}.json").write_text(text)
    slots.repair(slot.repository)
    assert project.take("other/1").path == slot.path


def test_lock_of_a_killed_git_in_a_slot_is_no_hindrance(project: Project) -> None:
    slot = worked(project)
    (slot.git_dir / "index.lock").write_text("")
    assert project.save(slot)


def test_a_checkpoint_in_the_middle_of_a_rebuild_is_carried_over(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = worked(project)
    first = project.save(slot)
    copy = making._copy_worktrees

    def checkpoint(old: Path, new: Path) -> None:
        copy(old, new)
        (slot.path / "later.txt").write_text("later\n")
        project.save(slot, expected=first)
        without_ref.append(trees.commit_tree(slot.repository, trees.tree_of(slot.repository, first), first, "soon"))

    without_ref: list[str] = []
    monkeypatch.setattr(making, "_copy_worktrees", checkpoint)
    private.rebuild(slot.repository)
    kept = refs.list_refs(slot.repository)[slot.repository.ref(TASK, 1)]
    assert kept != first
    assert trees.blob(slot.repository, kept, "later.txt") == b"later\n"
    assert trees.changed(slot.repository, first, without_ref[0]) == ()


def test_a_checkpoint_before_a_rebuild_was_killed_is_carried_over(project: Project) -> None:
    slot = worked(project)
    first = project.save(slot)
    repository = slot.repository
    old = repository.path.with_name("repo.git.old")
    shutil.copytree(repository.path, repository.path.with_name("fresh"), symlinks=True)
    (slot.path / "later.txt").write_text("later\n")
    last = project.save(slot, expected=first)
    repository.path.rename(old)
    repository.path.with_name("fresh").rename(repository.path)
    slots.repair(repository)
    assert not old.exists()
    assert refs.list_refs(repository)[repository.ref(TASK, 1)] == last
    assert trees.blob(repository, last, "later.txt") == b"later\n"
