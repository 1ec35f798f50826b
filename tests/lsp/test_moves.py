"""A task goes with its spec into another file only where that is sure: what stood there before is no move."""

import asyncio
from collections.abc import Mapping

import pytest

from lsp.stage import SPEC, Stage, mark
from specwright.lsp.index import read
from specwright.paths.scan import File
from specwright.tasks.model import State

OTHER = "\n# spec! Sing about the sea\n# - [ ] it sings\n"
NAMED = SPEC.replace("Say two", "Say two (#k7f3qa)")
Files = Mapping[str, str]
BEFORE: Files = {"a.py": SPEC, "b.py": OTHER}
CUT: Files = {"a.py": OTHER, "b.py": OTHER}


def look(stage: Stage, files: Files) -> str:
    """The file at which the one task is shown, when the disk holds these."""
    index, root = stage.window.indexer.index, str(stage.root)
    for name, text in files.items():
        (stage.root / name).parent.mkdir(exist_ok=True)
        (stage.root / name).write_text(text)
    index.fill(root, {name: read(File(root, name)) for name in files}, True, set(files))
    stage.window.seek_moved()
    [task] = stage.window.desk.open_tasks(root)
    assert [entry.task for entry in stage.window.desk.marks_at(root, task.path)] == ["k7f3qa"]
    return task.path


@pytest.mark.parametrize(
    ("looks", "path"),
    [
        ([{"b.py": SPEC}], "b.py"),
        ([{"b.py": SPEC, "c.py": SPEC}], "a.py"),
        ([{"a.py": OTHER, "b.py": SPEC}], "a.py"),
        ([{"b.py": OTHER}], "a.py"),
        ([BEFORE, {"a.py": OTHER, "b.py": OTHER, "lib/c.py": "x = 1\n" + SPEC}], "lib/c.py"),
        ([BEFORE, CUT, {"a.py": OTHER, "b.py": SPEC}], "b.py"),
        ([BEFORE, CUT, {"a.py": OTHER, "b.py": SPEC}, {"a.py": SPEC, "b.py": SPEC}], "a.py"),
        ([BEFORE, CUT, {"a.py": OTHER, "b.py": SPEC}, {"a.py": SPEC, "a0.py": SPEC, "b.py": SPEC}], "a.py"),
        ([BEFORE, CUT, {"a.py": OTHER, "b.py": SPEC}, {"a.py": OTHER, "a0.py": SPEC, "b.py": SPEC}], "b.py"),
        ([BEFORE, {"a.py": OTHER, "b.py": SPEC, "c.py": SPEC}], "a.py"),
        ([{"a.py": SPEC, "b.py": SPEC}], "a.py"),
        ([{"a.py": SPEC, "b.py": SPEC}, {"a.py": OTHER, "b.py": SPEC}], "a.py"),
        ([{"a.py": SPEC, "b.py": SPEC}, {"b.py": SPEC}], "a.py"),
        ([BEFORE, {"a.py": SPEC, "b.py": SPEC}, {"a.py": OTHER, "b.py": SPEC}], "a.py"),
    ],
    ids=["renamed", "renamed or copied", "nobody saw it go", "gone", "to a folder", "cut and pasted", "put back",
         "put back and copied", "copied from there", "pasted twice", "copied", "twin", "twin of a deleted file",
         "a copy that became a twin"],
)  # fmt: skip
async def test_a_task_goes_with_its_spec_and_to_no_other(stage: Stage, looks: list[Files], path: str) -> None:
    stage.marks(mark(state=State.WAITING))
    assert [look(stage, files) for files in looks][-1] == path
    await asyncio.sleep(0)


async def test_a_handle_is_known_anywhere(stage: Stage) -> None:
    stage.marks(mark(text=NAMED, state=State.WAITING))
    assert look(stage, {"a.py": SPEC, "b.py": NAMED}) == "b.py"
    await asyncio.sleep(0)


async def test_a_handle_that_was_pasted_first_and_cut_then_is_followed(stage: Stage) -> None:
    stage.marks(mark(text=NAMED, state=State.WAITING))
    looks: list[Files] = [{"a.py": NAMED}, {"a.py": NAMED, "b.py": NAMED}, {"a.py": SPEC, "b.py": NAMED}]
    assert [look(stage, files) for files in looks] == ["a.py", "a.py", "b.py"]
    await asyncio.sleep(0)


async def test_a_file_that_git_ignores_is_not_gone(stage: Stage) -> None:
    stage.marks(mark(state=State.WAITING))
    (stage.root / "a.py").write_text(SPEC)
    assert look(stage, {"b.py": SPEC}) == "a.py"
    await asyncio.sleep(0)


async def test_where_another_task_s_spec_stands_none_goes(stage: Stage) -> None:
    stage.marks(mark("other1", state=State.WAITING, path="b.py"), mark(state=State.WAITING))
    index, root = stage.window.indexer.index, str(stage.root)
    (stage.root / "b.py").write_text(SPEC)
    index.fill(root, {"b.py": read(File(root, "b.py"))}, True, {"b.py"})
    stage.window.seek_moved()
    assert [task.path for task in stage.window.desk.open_tasks(root)] == ["b.py", "a.py"]
    await asyncio.sleep(0)


async def test_a_spec_that_got_another_title_here_is_not_sought_by_the_old_one(stage: Stage) -> None:
    stage.marks(mark(state=State.WAITING))
    stage.window.desk.titles["k7f3qa"] = "Sing about the sea"
    assert look(stage, {"a.py": OTHER, "b.py": OTHER}) == "a.py"
    assert look(stage, {"a.py": OTHER, "b.py": SPEC}) == "a.py"
    await asyncio.sleep(0)
