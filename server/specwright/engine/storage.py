"""What `specwright gc` answers: the plan as it is shown, and as it was carried out."""

from specwright.api import views as v
from specwright.engine import retention, tending
from specwright.engine.context import Context
from specwright.engine.retention import Place, Thing


async def collect(context: Context, apply: bool) -> v.Storage:
    """The plan; with `apply`, what of it was deleted. Raises `SpecwrightError` when the store can't be read."""
    plan = await retention.plan(context)
    deleted = await tending.apply(context, plan) if apply else plan.deletions
    return v.Storage(
        places=tuple(_place(place) for place in plan.places),
        run_files=plan.run_files,
        deletions=tuple(_thing(thing) for thing in deleted),
        kept=tuple(_thing(thing) for thing in plan.kept),
        applied=apply,
        record=str(context.places.deletions),
    )


def _place(place: Place) -> v.StoredProject:
    slots = tuple(v.StoredSlot(*slot) for slot in place.slots)
    return v.StoredProject(place.root, slots, place.trash, place.unshared)


def _thing(thing: Thing) -> v.Stored:
    return v.Stored(thing.kind, thing.what, thing.bytes, thing.why)
