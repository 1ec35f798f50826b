"""Each rule finds the defect that is put into clean specs, and says little about clean ones."""

from functools import cache
from statistics import median

import pytest

from spec.seeded import OPERATORS, Recall, Sample, defects, recall, samples
from specwright.config.settings import Lint
from specwright.spec.model import Severity
from specwright.spec.rules.catalogue import BY_CODE, RULES

CLEAN = samples()
GRAVE = {Severity.ERROR, Severity.WARNING}
LEAST_TRIED = 20


@cache
def counted() -> dict[str, Recall]:
    return recall(CLEAN)


def target(code: str) -> float:
    if BY_CODE[code].severity is Severity.ERROR:
        return 1.0
    return 0.8 if BY_CODE[code].wording else 0.95


def test_there_are_sixty_clean_specs_and_an_operator_for_each_rule() -> None:
    assert len(CLEAN) == 60
    assert set(OPERATORS) == {rule.code for rule in RULES}


@pytest.mark.parametrize("code", sorted(OPERATORS))
def test_a_rule_finds_its_defect(code: str) -> None:
    row = counted()[code]
    assert row.tried >= LEAST_TRIED
    assert row.share >= target(code), row.missed


def test_of_clean_specs_little_is_said() -> None:
    said = [sample.problems(Lint()) for sample in CLEAN]
    assert median(len([p for p in problems if p.severity in GRAVE]) for problems in said) <= 1
    assert median(map(len, said)) <= 3
    assert sorted(map(len, said))[57] <= 8


def test_a_clean_spec_has_no_error() -> None:
    assert [p for sample in CLEAN for p in sample.problems(Lint()) if p.severity is Severity.ERROR] == []


@pytest.mark.parametrize("number", range(0, 60, 7))
def test_linting_twice_says_the_same(number: int) -> None:
    sample: Sample = CLEAN[number]
    for _, _, defect in defects([sample]):
        assert defect.problems() == defect.problems()
