"""Texts of other tools become specs of ours, as a developer would queue them."""

import asyncio
from pathlib import Path

import pytest
from bench.noise import noise
from bench.texts import Draft, drafts

from specwright.spec.lint import check

STANDING = """# till Specification
## Requirements
### Requirement: Receipts
The till SHALL print
a receipt.

```text
### Requirement: not this one
```

#### Scenario: Sold
- **WHEN** an order is paid
- **THEN** the till prints:
  - the sum
  - the date

### Requirement: Drawer
The drawer SHALL open.
"""
CHANGE = """## Why
Clerks wait. They said so, e.g. in May. And more.

## Non-Goals
- Scales
"""
DELTA = "## ADDED Requirements\n" + "".join(
    f"### Requirement: Key {n}\nIt SHALL beep.\n"
    + "".join(f"#### Scenario: S\n- **WHEN** {m} is hit\n- **THEN** it beeps\n" for m in range(3))
    for n in range(3)
) + "## REMOVED Requirements\n### Requirement: Old\nGone.\n"  # fmt: skip
STORIES = """# Requirements
### Requirement 1: Login
**Priority**: High
**User Story:** As a clerk, I want to log in, so that I can sell.
#### Acceptance Criteria
1. WHEN I log in, THE till SHALL open
2.1. WHEN I fail, THE till SHALL stay shut
## Glossary
1. Till
"""
FEATURE = """# Feature Specification: Scales
### Primary User Story
A clerk weighs.
### Acceptance Scenarios
1. **Given** an apple, **When** it lies there, **Then** 1 g shows
### Functional Requirements
- **FR-001**: Scales MUST show grams
- **FR-002**: Scales MUST NOT show pounds
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name, text in {
        "a/openspec/specs/till/spec.md": STANDING,
        "a/openspec/changes/archive/2025-01-02-add-beep/proposal.md": CHANGE,
        "a/openspec/changes/archive/2025-01-02-add-beep/specs/till/spec.md": DELTA,
        "b/.kiro/specs/login/requirements.md": STORIES,
        "c/specs/001/spec.md": FEATURE,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_each_source_gives_its_specs(corpus: Path) -> None:
    beeps = [f"Key {n}: WHEN {m} is hit, THEN it beeps" for n in range(3) for m in range(3)]
    why = "Clerks wait. They said so, e.g. in May."
    assert list(drafts(corpus)) == [
        Draft("a", "Receipts", "The till SHALL print a receipt.",
              ["WHEN an order is paid, THEN the till prints: the sum; the date"]),
        Draft("a", "Drawer", "The drawer SHALL open."),
        Draft("a", "Add beep", why, beeps[:6], unwanted=["Scales"]),
        Draft("a", "Key 2", why, beeps[6:], unwanted=["Scales"]),
        Draft("b", "Login", "As a clerk, I want to log in, so that I can sell.",
              ["WHEN I log in, THE till SHALL open", "WHEN I fail, THE till SHALL stay shut"]),
        Draft("c", "Scales", "A clerk weighs.",
              ["Given an apple, When it lies there, Then 1 g shows", "Scales MUST show grams"],
              ["Scales MUST NOT show pounds"]),
    ]  # fmt: skip


def test_a_draft_is_one_spec(corpus: Path) -> None:
    for draft in drafts(corpus):
        [spec] = check(draft.text, "plan.md")[0]
        assert (spec.title, spec.goal, [c.text for c in spec.criteria]) == (draft.title, draft.goal, draft.criteria)
        assert (spec.values("must"), spec.values("not")) == (tuple(draft.must), tuple(draft.unwanted))


def test_noise_counts_what_is_said(corpus: Path) -> None:
    figures = {figure.what: figure for figure in asyncio.run(noise(quick=False, corpus=corpus)).figures}
    assert figures["specs of others' texts"].value == 6
    assert figures["warnings and errors of a spec, median"].value == 0
    assert figures["warnings and errors with the files known, median"].value == 1
    assert figures["hits of SPEC101 per spec"].beside == "1 hits in 1 specs"


def test_without_texts_noise_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert asyncio.run(noise(quick=False)).figures == []
    assert "give `--corpus DIR`" in capsys.readouterr().err
