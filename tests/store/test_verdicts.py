from collections.abc import Callable

import pytest

from specwright.review.hunks import Decision
from specwright.review.plan import Fact
from specwright.store import tasks, verdicts
from specwright.store.database import Store
from specwright.tasks.model import Wish

SAVED, IN_BUFFER = Fact(Decision.ACCEPTED, final=True), Fact(Decision.ACCEPTED, final=False)
REJECTED = Fact(Decision.REJECTED, final=True)


@pytest.mark.parametrize(
    ("first", "then", "stands"),
    [
        (IN_BUFFER, SAVED, SAVED),
        (IN_BUFFER, REJECTED, REJECTED),
        (SAVED, IN_BUFFER, SAVED),
        (REJECTED, IN_BUFFER, IN_BUFFER),
    ],
)
async def test_a_later_fact_replaces_an_earlier_but_what_was_saved_stays_so(
    store: Store, wish: Callable[..., Wish], first: Fact, then: Fact, stands: Fact
) -> None:
    task = (await store.write(tasks.submit, wish())).task
    for fact in (first, then):
        await store.write(verdicts.decide, task, 1, {"1.1": fact}, "lsp-1")
    assert await store.read(verdicts.facts, task, 1) == {"1.1": stands}
