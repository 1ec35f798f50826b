"""What an editor shows at each spec: the task's state in one line."""

from specwright.api import views as v
from specwright.api.events import silence
from specwright.engine import views
from specwright.engine.context import Context
from specwright.store import rows
from specwright.store import tasks as task_rows
from specwright.tasks.model import GateResult, Outcome, State


async def marks(context: Context, root: str, limit: int) -> v.Marks:
    """The tasks of a checkout, newest first, each with its summary."""
    briefs = await context.store.read(task_rows.newest, root, limit)
    wishes = await context.store.read(task_rows.open_wishes, root)
    return v.Marks(root, tuple([await _mark(context, brief, wishes.get(brief.id)) for brief in briefs]))


async def _mark(context: Context, brief: rows.TaskBrief, opened: task_rows.OpenWish | None) -> v.SpecPlace:
    return v.SpecPlace(
        task=brief.id,
        title=opened.title if opened else brief.title,
        path=brief.path,
        line=brief.line,
        digest=brief.digest,
        handle=brief.handle,
        state=brief.state,
        outcome=brief.outcome,
        summary=await _summary(context, brief),
        question=brief.question,
        scope=opened.wish.revision.scope if opened else (),
        queued=opened.queued if opened else None,
        goal=opened.goal if opened else "",
        reasons=brief.reasons if brief.state is State.WAITING else (),
    )


async def _summary(context: Context, brief: rows.TaskBrief) -> str:
    if brief.state is State.REVIEW:
        return for_review(await views.show(context, brief.id))
    if brief.state is State.WAITING:
        reasons = f"waiting ({', '.join(brief.reasons)})" if brief.reasons else "waiting"
        return f"{reasons}: {brief.detail}" if brief.detail else reasons
    if (quiet := context.watch.silence(brief.id)) is not None:
        return f"{brief.state}: {silence(quiet)}"
    detail = f": {brief.detail}" if brief.detail and brief.state in {State.FAILED, State.CANCELLED} else ""
    return f"{brief.state}{detail}"


def for_review(view: v.TaskView) -> str:
    """`ready for review: 2 files, +31 −4; gates 3/3; criteria 2/2`."""
    if view.outcome is Outcome.BLOCKED:
        return f"question: {view.question}"
    files = len(view.files)
    added, removed = sum(f.added for f in view.files), sum(f.removed for f in view.files)
    gates = [gate for gate in view.runs[-1].gates if not gate.name.startswith("criterion:")]
    good = sum(gate.result is GateResult.PASSED for gate in gates)
    shown = sum(criterion.result is GateResult.PASSED for criterion in view.criteria)
    head = "ready for review" if view.outcome is Outcome.PASSED else f"{view.outcome}, to review"
    return (
        f"{head}: {files} file{'s' * (files != 1)}, +{added} −{removed}; "
        f"gates {good}/{len(gates)}; criteria {shown}/{len(view.criteria)}"
    )
