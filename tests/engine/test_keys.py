"""Whose key and whose address a run gets."""

import pytest

from specwright.agents.calls import ANTHROPIC_URL, Connection
from specwright.api.messages import Credentials
from specwright.engine.context import Keys

OWN, BROUGHT = "http://own.example", "http://brought.example"


@pytest.mark.parametrize(
    ("own", "brought", "used"),
    [(None, None, ANTHROPIC_URL), (None, BROUGHT, BROUGHT), (OWN, None, OWN), (OWN, BROUGHT, OWN)],
)
def test_the_users_own_address_comes_first(own: str | None, brought: str | None, used: str) -> None:
    keys = Keys(own)
    keys.bring(Credentials("sk", brought))
    assert keys.current == Connection("sk", used)


def test_the_users_own_command_comes_first() -> None:
    keys = Keys()
    keys.bring(Credentials("brought"))
    keys.command("own")
    assert keys.current == Connection("own")


def test_without_a_key_there_is_no_connection() -> None:
    assert Keys(OWN).current is None


def test_a_key_that_came_meanwhile_is_not_refused_with_the_old_one() -> None:
    keys = Keys()
    keys.bring(Credentials("old"))
    used = keys.current
    keys.bring(Credentials("new"))
    keys.refuse(used, "The key is not valid.")
    assert (keys.current, keys.refused) == (Connection("new"), None)
    keys.refuse(keys.current, "The key is not valid.")
    assert keys.refused
