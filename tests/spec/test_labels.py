"""A rule that judges by words is a warning only once its findings were seen to be useful."""

import math
import tomllib
from pathlib import Path

import pytest

from specwright.spec.model import Severity
from specwright.spec.rules.catalogue import BY_CODE, RULES

LABELS = tomllib.loads((Path(__file__).parent / "data" / "labels.toml").read_text(encoding="utf-8"))
LEAST_JUDGED, LEAST_USEFUL = 40, 0.5
Z = 1.959964
"""Of 95 %."""


def wilson(useful: int, judged: int) -> list[int]:
    """The interval of a share, in percent."""
    share, square = useful / judged, Z * Z / judged
    middle, half = share + square / 2, Z * math.sqrt(share * (1 - share) / judged + square / judged / 4)
    return [round(100 * (middle + sign * half) / (1 + square)) for sign in (-1, 1)]


def may_warn(code: str) -> bool:
    row = LABELS.get(code, {"useful": 0, "not": 0})
    judged = row["useful"] + row["not"]
    return judged >= LEAST_JUDGED and row["useful"] >= LEAST_USEFUL * judged


@pytest.mark.parametrize("code", sorted(LABELS))
def test_an_interval_is_that_of_its_counts(code: str) -> None:
    row = LABELS[code]
    assert code in BY_CODE
    assert row["interval"] == wilson(row["useful"], row["useful"] + row["not"])


def test_no_wording_rule_warns_without_a_record_of_useful_findings() -> None:
    grave = {rule.code for rule in RULES if rule.wording and rule.severity in {Severity.ERROR, Severity.WARNING}}
    assert {code for code in grave if not may_warn(code)} == set()
