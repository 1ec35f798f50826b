"""Each row of the table of fields: names, how often, and values; and each rule of what goes into the digest."""

import pytest

from specwright.spec.digest import canonical, digest
from specwright.spec.grammar import ALIASES, KEYS
from specwright.spec.languages import language_of
from specwright.spec.lint import check
from specwright.spec.model import Severity, Spec
from specwright.spec.parser import parse

HEAD = "# spec! A\n# It is so.\n# - [ ] x is 1, check: `true`\n"
NAMES = {
    "goal": "goal intent", "files": "files scope", "api": "api interface", "error": "error errors",
    "must": "must constraint", "not": "not non-goal wont", "see": "see context ref", "after": "after depends",
    "budget": "budget", "priority": "priority", "gates": "gates", "template": "template", "note": "note",
    "allow": "allow",
}  # fmt: skip
ONCE = {"goal", "budget", "priority", "gates", "template"}
VALUES = {
    "budget": ("15 min", "$2"), "priority": ("high", "low"), "template": ("feature", "fix-2"),
    "after": ("#aaaa1", "#bbbb1"), "allow": ("SPEC203 so it is", "SPEC201 so it is"),
}  # fmt: skip
"""Two of each key that takes more than prose."""
WRITTEN = [(key, name) for key, names in NAMES.items() for name in names.split()]


def one(*lines: str) -> Spec:
    [spec], _ = parse(HEAD + "".join(f"# {line}\n" for line in lines), language_of("a.py"), "a.py")
    return spec


def refused(*lines: str) -> list[str]:
    """What is wrong with keys and values."""
    problems = check(HEAD + "".join(f"# {line}\n" for line in lines), "a.py")[1]
    return [problem.message for problem in problems if problem.code == "SPEC005" and problem.severity is Severity.ERROR]


def test_the_table_has_every_key_and_every_name() -> None:
    assert set(NAMES) == set(KEYS)
    assert {name for key, name in WRITTEN if name != key} == set(ALIASES)


@pytest.mark.parametrize(("key", "name"), WRITTEN)
def test_a_field_is_read_by_each_of_its_names(key: str, name: str) -> None:
    value = VALUES.get(key, ("one", "two"))[0]
    spec = one(f"- {name}: {value}")
    assert (spec.goal, spec.fields) == (
        ("It is so. one", ()) if key == "goal" else ("It is so.", one(f"- {key}: {value}").fields)
    )
    assert key == "goal" or spec.values(key) == (value,)
    assert one(f"- {name.capitalize()}: {value}").values("note") == (f"{name.capitalize()}: {value}",)


@pytest.mark.parametrize("key", NAMES)
def test_how_often_a_field_may_stand(key: str) -> None:
    first, second = VALUES.get(key, ("one", "two"))
    said = refused(f"- {key}: {first}", f"- {key}: {second}")
    assert said == ([f"'{key}' is given twice."] if key in ONCE else [])
    assert key == "goal" or one(f"- {key}: {first}", f"- {key}: {second}").values(key) == (first, second)


@pytest.mark.parametrize(
    ("line", "is_right"),
    [
        ("- budget: 15 min", True), ("- budget: 15m", True), ("- budget: 2 h", True), ("- budget: $2", True),
        ("- budget: 200 changed lines", True), ("- budget: 300k tokens", True), ("- budget: 15 min, $2", True),
        ("- budget: 15", False), ("- budget: 2 EUR", False), ("- budget: 15 min $2", False), ("- budget:", False),
        ("- priority: high", True), ("- priority: normal", True), ("- priority: low", True),
        ("- priority: High", False),
        ("- template: a-2", True), ("- template: A", False), ("- template: a/b", False), ("- template: a.b", False),
        ("- allow: SPEC203 so", True), ("- allow: SPEC203", False), ("- allow: 203 so", False), ("- allow: so", False),
        ("- files: a.py src/ src/**/*.py a?.py {a,b}.py !old/ `a b.py`, c.py", True), ("- files: /a.py", False),
        ("- files: !/a.py", False), ("- files: a/../b.py", False), ("- files: ~/a.py", False),
        ("- files: a..b.py", True),
        ("- see: a.py a.py#L10-L20 a.md#heading a.py::name https://a.b/../c", True), ("- see: /a.py", False),
        ("- see: ../a.py#L1", False), ("- after: #aaaa1 #bbbb1 stacked", True), ("- after: Another title", True),
        ("- after: #aaaa1 and", False),
    ],
)  # fmt: skip
def test_which_values_a_key_takes(line: str, is_right: bool) -> None:
    assert (refused(line) == []) is is_right


@pytest.mark.parametrize(
    ("line", "notes"),
    [("- so it is", ("so it is",)), ("- owner: me", ("owner: me",)), ("- FILES: a.py", ("FILES: a.py",))],
)
def test_what_has_no_key_of_the_language_is_a_note(line: str, notes: tuple[str, ...]) -> None:
    assert one(line).values("note") == notes


EQUAL = {
    "composed": ("- must: caf\u00e9", "- must: cafe\u0301"),
    "white space": ("- must: a  b\u00a0 c ", "- must: a b c"),
    "an unknown key": ("- owner: me", "- note: owner: me"),
    "an empty field": ("- must:", ""),
    "order of values": (
        "- must: a\n# - must: b\n# - must: c\n# - must: d",
        "- must: d\n# - must: c\n# - must: b\n# - must: a",
    ),
    "a value twice": ("- not: a\n# - not: a", "- not: a"),
    "order of tokens": ("- see: b.py a.py", "- see: a.py\n# - see: b.py"),
    "a token twice": ("- gates: +a +a", "- gates: +a"),
    "the folder here": ("- files: ./a.py", "- files: a.py"),
    "dots for a tree": ("- files: a/...", "- files: a/"),
    "stars for a tree": ("- files: !a/**", "- files: !a/"),
    "everything": ("- files: ...", "- files: ./"),
    "a box": ("- [x] y", "- [ ] y"),
    "what steers": ("- after: #aaaa1\n# - budget: $2\n# - priority: high\n# - allow: SPEC203 so", ""),
    "manual": ("- [ ] y, check: `manual`", "- [ ] y, check: manual"),
}
OTHER = {
    "order of criteria": ("- [ ] y\n# - [ ] z", "- [ ] z\n# - [ ] y"),
    "a criterion twice": ("- [ ] y\n# - [ ] y", "- [ ] y"),
    "order of notes": ("- note: a\n# - note: b", "- note: b\n# - note: a"),
    "a note twice": ("- note: a\n# - note: a", "- note: a"),
    "case": ("- must: A", "- must: a"),
    "a denied path": ("- files: !a.py", "- files: a.py"),
    "a check": ("- [ ] y, check: `true`", "- [ ] y"),
    "a person": ("- [ ] y, check: manual", "- [ ] y"),
    "a template": ("- template: a", ""),
    "a gate": ("- gates: -a", "- gates: +a"),
    "see": ("- see: a.py", "- see: b.py"),
    "an error": ("- error: a", "- error: b"),
    "an api": ("- api: a()", "- api: b()"),
    "another key": ("- must: a", "- not: a"),
}


@pytest.mark.parametrize("name", EQUAL)
def test_what_the_digest_does_not_see(name: str) -> None:
    first, second = (digest(one(text)) for text in EQUAL[name])
    assert first == second


@pytest.mark.parametrize("name", OTHER)
def test_what_the_digest_sees(name: str) -> None:
    first, second = (digest(one(text)) for text in OTHER[name])
    assert first != second


def test_in_markdown_a_backslash_counts_in_code_alone() -> None:
    texts = [f"{begin}- must: a\\_b `c\\_d` \\n\n" for begin in ("## spec! A\n", "# spec! A\n# ")]
    [markdown], [code] = (parse(text, language_of(path))[0] for text, path in zip(texts, ("a.md", "a.py"), strict=True))
    assert canonical(markdown)["must"] == ["a_b `c\\_d` \\n"]
    assert canonical(code)["must"] == ["a\\_b `c\\_d` \\n"]


@pytest.mark.parametrize("key", ["files", "see", "gates", "api", "error", "must", "not"])
def test_values_are_sorted_by_code_point(key: str) -> None:
    values = ["b", "a", "B", "é", "-1", "a"]
    assert canonical(one(*(f"- {key}: {value}" for value in values)))[key] == ["-1", "B", "a", "b", "é"]


def test_absent_parts_are_left_out_and_nothing_is_escaped() -> None:
    [spec], _ = parse("# spec! Größe\n", language_of("a.py"))
    assert canonical(spec) == {"v": 1, "title": "Größe"}
    assert digest(spec) == "4df7d1829d9b98e9908dfc2e97f842566decae42c1650c947f8d0921c417492e"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a &lt; b", "a < b", True),
        ("a \\&lt; b", "a < b", False),
        ("a \\\\&lt; b", "a \\\\< b", True),
        ("?a&copy=1", "?a©=1", False),
        ("a&#42;", "a*", True),
    ],
)
def test_an_escape_or_an_entity_is_read_once(one: str, other: str, same: bool) -> None:
    canonicals = [canonical(parse(f"## spec! A\n- must: {text}\n", language_of("a.md"))[0][0]) for text in (one, other)]
    assert (canonicals[0] == canonicals[1]) is same
