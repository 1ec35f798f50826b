"""Every attack in every box; and without one, where it must succeed, or this suite would show nothing."""

import pytest

from boxes import need, probed
from security.attacks import ATTACKS, Attack
from security.world import SECRET, World
from specwright.config.settings import SandboxMode

FULL, PARTIAL, NONE = SandboxMode.FULL, SandboxMode.PARTIAL, SandboxMode.NONE
NAMES = [attack.name for attack in ATTACKS]


async def succeeds(stage: World, mode: SandboxMode, attack: Attack) -> str:
    """What shows that it got what it wanted; empty where it did not."""
    before = stage.outside()
    done = await stage.attack(mode, attack.script)
    if SECRET.encode() in done.stdout or b"escaped" in done.stdout:
        return f"it saw or did what it wanted: {done}"
    after = stage.outside()
    if changed := [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]:
        return f"it changed {changed}: {done}"
    if stage.heard():
        return f"it reached a listener: {done}"
    return "" if stage.is_victim_well else "it ended a process"


def test_there_are_enough() -> None:
    assert len(set(NAMES)) == len(ATTACKS) >= 60


@pytest.fixture(params=[FULL, PARTIAL])
def mode(request: pytest.FixtureRequest) -> SandboxMode:
    need(request.param)
    return SandboxMode(request.param)


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
async def test_it_fails_in_the_box(stage: World, attack: Attack, mode: SandboxMode) -> None:
    got = await succeeds(stage, mode, attack)
    left_open = probed(mode).left_open
    is_told = bool(attack.left_open) and any(attack.left_open in line for line in left_open)
    assert bool(got) is is_told, got or "it is stopped, and the list says that it is not"


@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.leaves], ids=[a.name for a in ATTACKS if a.leaves])
async def test_it_succeeds_without_a_box(stage: World, attack: Attack) -> None:
    assert await succeeds(stage, NONE, attack)
