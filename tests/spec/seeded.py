"""Clean specs, and for each rule an operator that puts its defect into one: how many of them does the rule find?

A spec is a text without a carrier here, from its title on; `carried` puts it into a file of its language.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from specwright.config.settings import Lint
from specwright.spec.digest import digest
from specwright.spec.facts import Caps, Facts, Gates, Known, OpenTask, Tree
from specwright.spec.identity import slug
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.lint import lint
from specwright.spec.model import Problem, Spec
from specwright.spec.parser import parse
from specwright.spec.printer import render
from specwright.spec.reading import USUAL
from specwright.spec.rules.catalogue import RULES
from specwright.spec.tokens import tokens

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples" / "specs"
ALL_ON = Lint(tuple((rule.code, "on") for rule in RULES))
GATES = Gates(("tests", "coverage", "mutation"), frozenset({"coverage"}))
CAPS = Caps(seconds=3600, usd=20, tokens=2_000_000)
FILLER = frozenset(f"filler/part_{number}.txt" for number in range(400))


@dataclass(frozen=True)
class Sample:
    """A spec, the file that it is in, and what is known of the world around it."""

    path: str
    text: str
    world: Facts = field(default_factory=Facts)
    around: Callable[[str], str] = field(default=lambda text: text, compare=False)
    """What is done to the file that carries it."""

    @property
    def title(self) -> str:
        return self.text.split("\n")[0]

    @property
    def is_english(self) -> bool:
        letters = [c for c in self.text if c.isalpha()]
        return not re.search(r"[а-яäöüß]", self.text) and bool(letters)

    @property
    def file(self) -> str:
        return self.around(carried(self.path, self.text))

    def problems(self, settings: Lint = ALL_ON) -> tuple[Problem, ...]:
        return said(self, settings)[1]

    def codes(self, settings: Lint = ALL_ON) -> set[str]:
        return {problem.code for problem in self.problems(settings)}


def said(sample: Sample, settings: Lint = ALL_ON) -> tuple[tuple[Spec, ...], tuple[Problem, ...]]:
    text = sample.file
    specs, problems = parse(text, language_of(sample.path), sample.path)
    own = tuple(Known(sample.path, s.span.start.line, s.title, s.handle, s.values("after")) for s in specs)
    facts = replace(sample.world, specs=(*own, *(sample.world.specs or ())))
    return specs, lint(specs, problems, split_lines(text), sample.path, facts, settings)


def carried(path: str, text: str) -> str:
    """The spec as a comment of the file's language, with a blank line around it."""
    lines = text.rstrip("\n").split("\n")
    language = language_of(path)
    if USUAL.is_whole(path):
        return "\n".join([f"# {lines[0]}", "", *lines[1:], ""])
    if language.markdown:
        return "# Plan\n\n## spec! " + lines[0] + "\n\n" + "\n".join(lines[1:]) + "\n"
    marked = ["spec! " + lines[0], *lines[1:]]
    if path.endswith(".php"):
        return "<?php\n\n" + "".join(f"// {line}\n" for line in marked)
    if language.row.leaders:
        return "\n" + "".join(f"{language.row.leaders[0]} {line}\n" for line in marked) + "\n"
    block = language.row.blocks[0]
    gutter = " * " if block.opener == "/*" else "   "
    return (
        f"\n{block.opener} {marked[0]}\n" + "".join(f"{gutter}{line}\n" for line in marked[1:]) + f" {block.closer}\n"
    )


def samples() -> list[Sample]:
    """The clean specs: those of examples/ but for the bad ones, and those of data/."""
    found = [(path.name, render(spec)) for path in sorted(EXAMPLES.iterdir()) if path.suffix not in {".json", ""}
             for spec in _specs(path) if not path.name.startswith("10_")]  # fmt: skip
    texts = [(path, text.partition("! ")[2]) for path, text in found]
    for part in (HERE / "data" / "clean.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        path, _, text = part.partition("\n")
        texts.append((path, text))
    return [Sample(path, text.strip("\n"), world(path, text)) for path, text in texts]


def _specs(path: Path) -> tuple[Spec, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return parse(file.read(), language_of(path.name), path.name)[0]


def world(path: str, text: str) -> Facts:
    """Everything that a clean spec names is there."""
    [spec] = parse(carried(path, text), language_of(path), path)[0]
    named = {token.partition("#")[0].partition("::")[0] for token in tokens(spec, "see")}
    files = {path, *FILLER, *(name for name in named if "://" not in name)}
    for token in tokens(spec, "files"):
        if not token.startswith("!"):
            token = token.removesuffix("...")
            files.add(f"{token}part_a.py" if token.endswith("/") else token)
    for criterion in spec.criteria:
        files |= {word.partition("::")[0] for word in (criterion.check or "").split() if "/" in word and "." in word}
    after = [value for value in spec.values("after")]
    others = tuple(Known("other.md", n, f"Other {n}", value.strip("#")) for n, value in enumerate(after))
    everything = text + "".join(f"\nline {n}" for n in range(200))
    everything += "".join(f"\n# {name}" for name in re.findall(r"#([a-z-]+)", text))
    tree = Tree(frozenset(files), lambda path: everything)
    return Facts(others, tree, (), GATES, ("make test",), None, CAPS)


# Operators: each puts one defect into a spec; None where a spec has no place for it.
Operator = Callable[[Sample], Sample | None]
OPERATORS: dict[str, list[Operator]] = {}


def operator(code: str) -> Callable[[Operator], Operator]:
    def put(made: Operator) -> Operator:
        OPERATORS.setdefault(code, []).append(made)
        return made

    return put


def edited(sample: Sample, edit: Callable[[list[str]], list[str]]) -> Sample:
    return replace(sample, text="\n".join(edit(sample.text.split("\n"))))


def without(sample: Sample, *heads: str) -> Sample:
    return edited(sample, lambda lines: [line for line in lines if not line.startswith(heads)])


def added(sample: Sample, *lines: str) -> Sample:
    return edited(sample, lambda before: [*before, *lines])


def in_criterion(sample: Sample, edit: Callable[[str], str]) -> Sample:
    """The text of the first criterion, without its check."""

    def change(lines: list[str]) -> list[str]:
        at = next(n for n, line in enumerate(lines) if line.startswith("- [ ] "))
        text, check, rest = lines[at].removeprefix("- [ ] ").partition(", check:")
        return [*lines[:at], f"- [ ] {edit(text)}{check}{rest}", *lines[at + 1 :]]

    return edited(sample, change)


def checked(sample: Sample, check: str) -> Sample:
    return edited(sample, lambda lines: [re.sub(r"check: .*", f"check: {check}", line) for line in lines])


def line_comments(sample: Sample) -> bool:
    return bool(language_of(sample.path).row.leaders)


def on_file(sample: Sample, edit: Callable[[str], str]) -> Sample:
    return replace(sample, around=edit)


@operator("SPEC001")
def no_title(sample: Sample) -> Sample | None:
    return on_file(sample, lambda text: text.replace(f"spec! {sample.title}", "spec!"))


@operator("SPEC002")
def long_title(sample: Sample) -> Sample | None:
    return edited(
        sample, lambda lines: [f"{lines[0]} in each of the places where that has been asked for by users", *lines[1:]]
    )


@operator("SPEC003")
def unclosed_span(sample: Sample) -> Sample | None:
    return edited(sample, lambda lines: [re.sub(r"`$", "", line) if "check:" in line else line for line in lines])


@operator("SPEC003")
def unclosed_fence(sample: Sample) -> Sample | None:
    return replace(sample, path="docs/PLAN.md", around=lambda _: f"# Plan\n\n```spec {sample.text}\n")


@operator("SPEC004")
def mistyped_key(sample: Sample) -> Sample | None:
    return added(sample, "- priorty: high")


@operator("SPEC004")
def free_key(sample: Sample) -> Sample | None:
    return added(sample, "- owner: the team of the shop")


@operator("SPEC005")
def twice(sample: Sample) -> Sample | None:
    return added(sample, "- priority: high", "- priority: low")


@operator("SPEC005")
def bad_value(sample: Sample) -> Sample | None:
    return added(sample, "- priority: urgent")


@operator("SPEC005")
def no_reason(sample: Sample) -> Sample | None:
    return added(sample, "- allow: SPEC203")


@operator("SPEC006")
def bare_bullet(sample: Sample) -> Sample | None:
    return added(sample, "- this was asked for in March")


@operator("SPEC007")
def in_running_text(sample: Sample) -> Sample | None:
    if not line_comments(sample):
        return None
    sign = language_of(sample.path).row.leaders[0]
    return on_file(sample, lambda text: text.replace(f"{sign} spec!", f"{sign} This is known.\n{sign} spec!", 1))


@operator("SPEC011")
def ends_comment(sample: Sample) -> Sample | None:
    row = language_of(sample.path).row
    if not any(block.opener == "/*" for block in row.blocks):
        return None
    lines = added(sample, "- files: src/**/x.c").text.split("\n")
    return on_file(sample, lambda _: "\n/* spec! " + "".join(f"{line}\n * " for line in lines) + "/\n")


@operator("SPEC012")
def copied_handle(sample: Sample) -> Sample | None:
    title = re.sub(r" \(#.*\)$", "", sample.title)
    first = Known("!.py", 4, "Another", "k7f3qa")  # before every other path
    made = edited(sample, lambda lines: [f"{title} (#k7f3qa)", *lines[1:]])
    return replace(made, world=replace(sample.world, specs=(*(sample.world.specs or ()), first)))


@operator("SPEC101")
def drop_criteria(sample: Sample) -> Sample | None:
    return without(sample, "- [ ]")


@operator("SPEC102")
def drop_goal(sample: Sample) -> Sample | None:
    return edited(sample, lambda lines: [lines[0], *(line for line in lines[1:] if line.startswith("- "))])


@operator("SPEC103")
def nothing_observable(sample: Sample) -> Sample | None:
    return added(sample, "- [ ] users are happy with it")


@operator("SPEC104")
def manual_alone(sample: Sample) -> Sample | None:
    return checked(sample, "manual")


@operator("SPEC104")
def no_check(sample: Sample) -> Sample | None:
    return edited(sample, lambda lines: [re.sub(r", check:.*", "", line) for line in lines])


@operator("SPEC105")
def drop_files(sample: Sample) -> Sample | None:
    return without(sample, "- files:")


@operator("SPEC106")
def drop_error(sample: Sample) -> Sample | None:
    def change(lines: list[str]) -> list[str]:
        kept = [line for line in lines if not line.startswith(("- error:", "- [ ]"))]
        return [
            kept[0],
            "It reads a file that the user names.",
            "- [ ] 3 rows are shown, check: `make test`",
            *kept[2:],
        ]

    return edited(sample, change)


@operator("SPEC107")
def no_limit(sample: Sample) -> Sample | None:
    return without(added(sample, *(f"- [ ] case {n} gives {n + 1} rows" for n in range(4))), "- not:")


@operator("SPEC108")
def undecided(sample: Sample) -> Sample | None:
    return added(sample, "- error: TBD")


@operator("SPEC108")
def clarification(sample: Sample) -> Sample | None:
    return in_criterion(sample, lambda text: f"{text} [NEEDS CLARIFICATION: for whom]")


@operator("SPEC108")
def hole(sample: Sample) -> Sample | None:
    return in_criterion(sample, lambda text: f"{text} within ??? ms")


@operator("SPEC109")
def asked(sample: Sample) -> Sample | None:
    return in_criterion(sample, lambda text: f"Is it so that {text}?")


@operator("SPEC109")
def asked_in_goal(sample: Sample) -> Sample | None:
    return edited(sample, lambda lines: [lines[0], f"{lines[1]} Is that what we want?", *lines[2:]])


@operator("SPEC110")
def no_signature(sample: Sample) -> Sample | None:
    return added(sample, "- api: parseDuration")


VAGUE = ("quickly", "gracefully", "properly", "as expected", "appropriately", "efficiently")


@operator("SPEC201")
def vague(sample: Sample) -> Sample | None:
    word = VAGUE[len(sample.text) % len(VAGUE)]
    return in_criterion(sample, lambda text: f"{re.sub(r'[0-9][0-9.,]*', 'all', text)} {word}")


@operator("SPEC202")
def if_possible(sample: Sample) -> Sample | None:
    return in_criterion(sample, lambda text: f"{text} if possible")


@operator("SPEC203")
def et_cetera(sample: Sample) -> Sample | None:
    return in_criterion(sample, lambda text: f"{text}, etc.")


@operator("SPEC203")
def dots(sample: Sample) -> Sample | None:
    return edited(sample, lambda lines: [lines[0], f"{lines[1].rstrip('.')} and so on.", *lines[2:]])


@operator("SPEC204")
def should(sample: Sample) -> Sample | None:
    return added(sample, "- [ ] the command should return 3 rows, check: `make test`")


@operator("SPEC205")
def pronoun(sample: Sample) -> Sample | None:
    return added(sample, "- [ ] It returns 3 rows, check: `make test`")


@operator("SPEC206")
def no_unit(sample: Sample) -> Sample | None:
    return added(sample, "- [ ] the call ends within 30, check: `make test`")


@operator("SPEC207")
def no_baseline(sample: Sample) -> Sample | None:
    return added(sample, "- [ ] the page is faster, check: `make test`")


@operator("SPEC208")
def no_agent(sample: Sample) -> Sample | None:
    return added(sample, "- [ ] 3 rows are written to the table, check: `make test`")


@operator("SPEC209")
def unknown_symbol(sample: Sample) -> Sample | None:
    return in_criterion(sample, lambda text: f"{text} as `zorbFlint()` says")


@operator("SPEC301")
def two_titles(sample: Sample) -> Sample | None:
    return edited(sample, lambda lines: ["Add the table of prices and migrate the old orders", *lines[1:]])


@operator("SPEC302")
def many_criteria(sample: Sample) -> Sample | None:
    return added(sample, *(f"- [ ] case {n} gives {n + 1} rows, check: `make test`" for n in range(9)))


@operator("SPEC302")
def many_words(sample: Sample) -> Sample | None:
    return added(sample, "- note: " + "background " * 260)


@operator("SPEC303")
def everything(sample: Sample) -> Sample | None:
    return added(sample, "- files: filler/")


@operator("SPEC303")
def root(sample: Sample) -> Sample | None:
    return in_criterion(added(sample, "- files: ./"), lambda text: f"{text}, as in filler/part_3.txt")


@operator("SPEC311")
def lost_context(sample: Sample) -> Sample | None:
    return added(sample, "- see: filler/part_x.txt")


@operator("SPEC311")
def lost_lines(sample: Sample) -> Sample | None:
    return added(sample, "- see: filler/part_1.txt#L40-L8000")


@operator("SPEC311")
def lost_symbol(sample: Sample) -> Sample | None:
    return added(sample, "- see: filler/part_1.txt::zorbFlint")


@operator("SPEC312")
def new_file(sample: Sample) -> Sample | None:
    return added(sample, "- files: filler/part_y.txt")


@operator("SPEC312")
def no_match(sample: Sample) -> Sample | None:
    return added(sample, "- files: filer/*.txt")


@operator("SPEC313")
def outside(sample: Sample) -> Sample | None:
    scoped = sample if "- files:" in sample.text else added(sample, f"- files: {sample.path}")
    return in_criterion(scoped, lambda text: f"{text}, as in `filler/part_3.txt`")


@operator("SPEC314")
def lost_test(sample: Sample) -> Sample | None:
    return checked(sample, "`pytest -q tests/nowhere/test_lost.py::test_x`")


@operator("SPEC314")
def lost_program(sample: Sample) -> Sample | None:
    return replace(checked(sample, "`zorb --all`"), world=replace(sample.world, programs=lambda name: name != "zorb"))


@operator("SPEC315")
def lock_file(sample: Sample) -> Sample | None:
    tree = sample.world.tree
    assert tree
    made = Tree(tree.paths | {"web/app/package-lock.json", "web/app/a.js"}, tree.text)
    return replace(added(sample, "- files: web/app/"), world=replace(sample.world, tree=made))


@operator("SPEC401")
def same_title(sample: Sample) -> Sample | None:
    title = re.sub(r" \(#.*\)$", "", sample.title)
    other = Known("z/other.py", 3, title.upper(), None)
    return replace(sample, world=replace(sample.world, specs=(*(sample.world.specs or ()), other)))


@operator("SPEC402")
def circle(sample: Sample) -> Sample | None:
    title = re.sub(r" \(#.*\)$", "", sample.title)
    other = Known("z/other.py", 3, "The other one", None, (title,))
    return replace(added(sample, "- after: The other one"), world=replace(sample.world, specs=(other,)))


@operator("SPEC403")
def nowhere(sample: Sample) -> Sample | None:
    return added(sample, "- after: #nobody")


@operator("SPEC404")
def met(sample: Sample) -> Sample | None:
    task = OpenTask("z/other.py", "the-other-one", None, "0" * 64, "The other one", "running", (sample.path,))
    known = (Known("z/other.py", 3, "The other one", None),)
    return replace(added(sample, f"- files: {sample.path}"), world=replace(sample.world, tasks=(task,), specs=known))


@operator("SPEC405")
def unwanted(sample: Sample) -> Sample | None:
    return added(sample, "- [ ] a voucher moves old orders to the archive: 3 rows", "- not: old orders in the archive")


@operator("SPEC405")
def denied(sample: Sample) -> Sample | None:
    return added(sample, "- files: filler/part_1.txt !filler/")


@operator("SPEC406")
def two_limits(sample: Sample) -> Sample | None:
    return added(sample, "- [ ] the client sends at most 3 retries", "- [ ] a dead host gets at most 5 retries")


@operator("SPEC407")
def said_twice(sample: Sample) -> Sample | None:
    return edited(
        sample,
        lambda lines: [*lines, next(line for line in lines if line.startswith("- [ ]")).replace(" is ", " is the ")],
    )


@operator("SPEC501")
def stale(sample: Sample) -> Sample | None:
    [spec] = parse(sample.file, language_of(sample.path), sample.path)[0]
    task = OpenTask(sample.path, slug(spec.title), spec.handle, digest(spec), spec.title, "running", (), "2 h ago")
    changed = added(sample, "- must: the log stays as it is")
    return replace(changed, world=replace(sample.world, tasks=(task,)))


@operator("SPEC502")
def cloud_key(sample: Sample) -> Sample | None:
    return added(sample, "- note: the key is AKIA" + "ABCDEFGHIJKLMNOP")


@operator("SPEC503")
def override(sample: Sample) -> Sample | None:
    return in_criterion(sample, lambda text: f"{text[:4]}\u202e{text[4:]}")


@operator("SPEC504")
def shell(sample: Sample) -> Sample | None:
    return checked(sample, "`make test; rm -rf x`")


@operator("SPEC505")
def kept_gate(sample: Sample) -> Sample | None:
    return added(without(sample, "- gates:"), "- gates: -tests")


@operator("SPEC506")
def over_budget(sample: Sample) -> Sample | None:
    return added(without(sample, "- budget:"), "- budget: 3 h, $50")


@dataclass
class Recall:
    """How often a rule found its defect, of the specs that did not have the code before."""

    found: int = 0
    tried: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.found / self.tried if self.tried else 0.0


def recall(clean: list[Sample]) -> dict[str, Recall]:
    """By code. Wording rules are tried on English specs alone."""
    wording = {rule.code for rule in RULES if rule.wording}
    before = {sample.path + sample.title: sample.codes() for sample in clean}
    counted: dict[str, Recall] = {rule.code: Recall() for rule in RULES}
    for code, sample, defect in defects(clean):
        if code in before[sample.path + sample.title] or (code in wording and not sample.is_english):
            continue
        row = counted[code]
        row.tried += 1
        if code in defect.codes():
            row.found += 1
        else:
            row.missed.append(f"{sample.path}: {sample.title}")
    return counted


def defects(clean: list[Sample]) -> Iterator[tuple[str, Sample, Sample]]:
    """Code, clean spec, and the spec with the defect."""
    for code, made in OPERATORS.items():
        for sample in clean:
            for one in made:
                if defect := one(sample):
                    yield code, sample, defect
