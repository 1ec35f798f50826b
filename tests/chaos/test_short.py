"""The chaos suite in its short form: each fault once, among a few tasks. `make chaos` is the long one."""

import asyncio
from pathlib import Path

import pytest

from chaos import clients, faults
from chaos.play import play
from chaos.yard import Yard, yard_in

SEED = 7
EACH, AT_ONCE = 3, 6


async def let_some_end(yard: Yard) -> None:
    """Verdicts need results."""
    async with asyncio.timeout(60):
        while not any(row.state == "review" for row in yard.rows().values()):
            await asyncio.sleep(0.1)


ORDER = (
    faults.kill_daemon,
    faults.kill_boxed,
    clients.vanish,
    faults.fail_disk,
    clients.garbage,
    faults.freeze,
    let_some_end,
    faults.kill_in_verdict,
    faults.kill_gate,
    clients.flood,
    faults.kill_at_start,
)


@pytest.mark.timeout(300)
async def test_nothing_is_lost_applied_twice_or_paid_twice(tmp_path: Path) -> None:
    async with yard_in(tmp_path, SEED, EACH, AT_ONCE) as yard:
        await play(yard, lambda _text: None, faults=ORDER, pause=1.0)
        assert yard.problems == []
        assert len(yard.acknowledged) >= AT_ONCE
        assert yard.kills >= 4, yard.did
        assert len(yard.durable) >= 4
        assert yard.asked()
