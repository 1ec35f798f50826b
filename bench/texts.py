"""Specs of our language out of texts that projects wrote for other tools: OpenSpec, Kiro, spec-kit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MOST_CRITERIA, MOST_WORDS = 8, 250
"""Of one task; what is larger is split where the source has its own groups."""
FENCE = re.compile(r"^ *(```|~~~).*?^ *\1[^\n]*$", re.M | re.S)
BULLET = re.compile(r"^\s*(?:[-*+]|\d+(?:\.\d+)*[.)])\s+")
MARKS = re.compile(r"\*\*|<!--.*?-->")
KEYWORD = re.compile(r"(?:GIVEN|WHEN|THEN|AND|BUT|WHERE|WHILE|IF)\b")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"])")
STORY = re.compile(r"^### (?:Requirement \d+|US-\d+): (.+)$", re.M)
FUNCTIONAL = re.compile(r"^- \*\*N?FR-\d+\*\*: (.+)$", re.M)
GIVEN = re.compile(r"^\d+\. (\*\*Given.+)$", re.M | re.I)
REFUSED = re.compile(r"\b(?:MUST|SHALL) NOT\b")
WHY, UNWANTED = "(?:Why|Motivation|Problem)", "(?:Non[-\N{NON-BREAKING HYPHEN} ]goals|Out of scope)"
"""Headings, without case."""


@dataclass
class Draft:
    """One spec as a developer would queue it."""

    repository: str
    title: str
    goal: str
    criteria: list[str] = field(default_factory=list)
    must: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)

    def takes(self, more: "Draft") -> bool:
        """Whether it is still one task with the criteria of another one."""
        words = len(self.text.split()) + len(" ".join(more.criteria).split())
        return not self.criteria or (len(self.criteria) + len(more.criteria) <= MOST_CRITERIA and words <= MOST_WORDS)

    @property
    def text(self) -> str:
        """The spec below a heading of Markdown."""
        fields = [
            *(f"- [ ] {text}" for text in self.criteria),
            *(f"- must: {text}" for text in self.must),
            *(f"- not: {text}" for text in self.unwanted),
        ]
        return f"## spec! {self.title}\n\n{self.goal}\n\n" + "".join(f"{line}\n" for line in fields)


def drafts(corpus: Path) -> Iterator[Draft]:
    """Of every repository below a folder, in order."""
    for repository in sorted(path for path in corpus.iterdir() if path.is_dir()):
        for path in sorted(repository.glob("openspec/specs/*/spec.md")):
            yield from _requirements(repository.name, _read(path))
        for path in sorted(repository.glob("openspec/changes/**/proposal.md")):
            yield from _change(repository.name, path.parent)
        for path in sorted(repository.glob(".kiro/specs/*/requirements.md")):
            yield from _stories(repository.name, _read(path))
        for path in sorted(repository.glob("specs/*/spec.md")):
            yield from _feature(repository.name, _read(path))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").replace("\ufffd", "")


def _requirements(repository: str, text: str) -> Iterator[Draft]:
    """OpenSpec's standing specs: each requirement is a task, its paragraph the goal."""
    for name, goal, scenarios in _parts(text):
        yield Draft(repository, name, goal, scenarios)


def _change(repository: str, folder: Path) -> Iterator[Draft]:
    """OpenSpec's changes: the requirements of one, as many together as make a task."""
    said = FENCE.sub("", _read(folder / "proposal.md"))
    title = re.sub(r"^\d{4}-\d\d-\d\d-", "", folder.name).replace("-", " ").capitalize()
    goal = " ".join(SENTENCE_END.split(_joined(_section(said, WHY)))[:2])
    unwanted = [_joined(line) for line in _section(said, UNWANTED).splitlines() if BULLET.match(line)]
    tasks = [Draft(repository, title, goal, unwanted=unwanted)]
    for path in sorted(folder.glob("specs/*/spec.md")):
        for name, sentence, scenarios in _parts(_read(path).partition("## REMOVED")[0]):
            more = Draft(repository, name, goal, [f"{name}: {scenario}" for scenario in scenarios], unwanted=unwanted)
            more.must = [] if scenarios else [sentence]
            if not tasks[-1].takes(more):
                tasks.append(more)
                continue
            tasks[-1].criteria += more.criteria
            tasks[-1].must += more.must
    return (task for task in tasks if task.criteria or task.must)


def _parts(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, paragraph and scenarios of each requirement."""
    for part in re.split(r"^### Requirement: *", FENCE.sub("", text), flags=re.M)[1:]:
        name, _, rest = re.split(r"^#{1,3} ", part, flags=re.M)[0].partition("\n")
        paragraph, *scenarios = re.split(r"^#### Scenario:.*\n", rest, flags=re.M)
        yield _joined(name), _joined(paragraph), [said for scenario in scenarios if (said := _joined(scenario))]


def _stories(repository: str, text: str) -> Iterator[Draft]:
    """Kiro: the user story is the goal, numbered lines are the criteria."""
    pieces = STORY.split(FENCE.sub("", text))
    for name, part in zip(pieces[1::2], pieces[2::2], strict=True):
        story, _, rest = re.split(r"^#{1,3} ", part, flags=re.M)[0].partition("Acceptance Criteria")
        goal = re.sub(r"\bPriority: \w+|\bType: [\w-]+|\bUser Story: ?|#", "", _joined(story)).strip(" ;")
        criteria = [_joined(line) for line in rest.splitlines() if re.match(r"\d+(?:\.\d+)*[.)] ", line)]
        yield Draft(repository, _joined(name), goal, criteria)


def _feature(repository: str, text: str) -> Iterator[Draft]:
    """spec-kit: scenarios and functional requirements, cut where they are more than a task."""
    title = re.search(r"^# (?:Feature Specification: )?(.+)$", text, re.M)
    goal = _joined(_section(text, "Primary User Story"))
    said = [_joined(found) for found in [*GIVEN.findall(text), *FUNCTIONAL.findall(text)]]
    criteria = [one for one in said if not REFUSED.search(one)]
    for start in range(0, len(criteria), MOST_CRITERIA):
        name = (title[1] if title else "Feature") + (f", part {start // MOST_CRITERIA + 1}" if start else "")
        must = [one for one in said if REFUSED.search(one)] if not start else []
        yield Draft(repository, name, goal, criteria[start : start + MOST_CRITERIA], must)


def _section(text: str, name: str) -> str:
    """What stands below a heading, up to the next one."""
    found = re.search(rf"^#+ {name}\b[^\n]*\n(.*?)(?=^#|\Z)", text, re.M | re.S | re.I)
    return found[1] if found else ""


def _joined(text: str) -> str:
    """Lines as one sentence: bold marks go, a bullet of its own is set off by a comma or a semicolon."""
    said = ""
    for line in MARKS.sub("", text).splitlines():
        words = BULLET.sub("", line).strip()
        if words and words != "---":
            bullet = ", " if KEYWORD.match(words) else "; "
            said += (bullet if said and BULLET.match(line) and said[-1] not in ":.," else " ") + words
    return re.sub(r"\s+", " ", said).strip()
