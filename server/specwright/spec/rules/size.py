"""Rules about how much a spec asks for: 301 to 303."""

import re
from collections.abc import Iterator

from specwright.spec.model import Criterion, Problem, Severity
from specwright.spec.rules.look import Look, Statement
from specwright.spec.rules.paths import mentions
from specwright.spec.rules.words import ALSO, VERBS
from specwright.spec.scope import ROOT, spelled
from specwright.spec.tokens import tokens

MOST_CRITERIA, MOST_WORDS, MOST_TOKENS = 8, 250, 1600
CHARACTERS_OF_A_TOKEN = 4
MOST_FILES, MOST_SHARE, SHARE_FROM = 30, 0.2, 10
"""A share of the tracked files counts once it is more than ten."""
WHOLE = frozenset({ROOT, "**/*", "*"})
FIRST_WORD = re.compile(r"[A-Za-z]+")
CODE = tuple(
    [
        ".py",
        ".js",
        ".ts",
        ".jsx",
        ".tsx",
        ".mjs",
        ".cjs",
        ".go",
        ".rs",
        ".rb",
        ".java",
        ".kt",
        ".php",
        ".sh",
        ".sql",
        ".md",
    ]
)
RUNNERS = frozenset({"npx", "pnpm", "yarn", "npm", "uv", "poetry", "bundle", "run", "exec", "python", "python3", "-m"})
"""Words in front of the program that a check is about."""
MOST_COMPARED = 50


def compound(look: Look) -> Iterator[Problem]:
    """SPEC301: two verb phrases in the title or in the goal's first sentence, or checks that share nothing."""
    for statement in look.of("title", "goal"):
        if parts := halves(statement):
            a, b = parts[0], parts[1]
            message = f"This looks like 2 tasks: '{a}' / '{b}'. Separate tasks are easier to verify."
            yield Problem("SPEC301", Severity.INFO, message, statement.span(0, len(a)), (statement.kind, a, b))
            return
    groups = _apart([c for c in look.spec.criteria if c.check][:MOST_COMPARED])
    if len(groups) > 1:
        a, b = groups[0][0].text, groups[1][0].text
        message = f"This looks like {len(groups)} tasks: '{a}' / '{b}'. Separate tasks are easier to verify."
        yield Problem("SPEC301", Severity.INFO, message, groups[1][0].span, ("criteria",))


def large(look: Look) -> Iterator[Problem]:
    """SPEC302: the spec is large."""
    texts = [statement.text for statement in look.statements]
    words = sum(len(text.split()) for text in texts)
    size = sum(map(len, texts)) / CHARACTERS_OF_A_TOKEN
    count = len(look.spec.criteria)
    if count > MOST_CRITERIA or words > MOST_WORDS or size > MOST_TOKENS:
        message = (
            f"Large spec ({count} criteria, {words} words). Results over about 400 changed lines are hard to review."
        )
        yield Problem("SPEC302", Severity.WARNING, message, look.spec.title_span)


def wide(look: Look) -> Iterator[Problem]:
    """SPEC303: the scope is wide."""
    tree, named = look.facts.tree, [t for t in tokens(look.spec, "files") if not t.startswith("!")]
    if tree is None or not named:
        return
    found = len(tree.within(look.scope))
    share = found > MOST_SHARE * len(tree.paths) and found > SHARE_FROM
    if found > MOST_FILES or share or WHOLE.intersection(map(spelled, named)):
        span = next(look.fields("files")).span
        yield Problem("SPEC303", Severity.WARNING, f"Scope matches {found} files.", span)


def halves(statement: Statement) -> tuple[str, str] | None:
    """Both parts of a title, or of a goal's first sentence, that begin with a verb each."""
    text = statement.text
    if statement.kind == "goal":
        at, sentence = next(iter(statement.sentences), (0, ""))
        text = text[at : at + len(sentence)].rstrip(".!? ")
    return joined(text)


def joined(text: str) -> tuple[str, str] | None:
    """Both parts of a text that begin with a verb each."""
    for found in ALSO.finditer(text):
        a, b = text[: found.start()], text[found.end() :]
        if _begins_with_verb(a) and _begins_with_verb(b):
            return a, b
    return None


def _begins_with_verb(text: str) -> bool:
    first = FIRST_WORD.match(text)
    return first is not None and first[0].casefold() in VERBS


def _apart(criteria: list[Criterion]) -> list[list[Criterion]]:
    """Criteria in groups whose checks share no file and no program; those that name no file tell nothing."""
    groups: list[tuple[set[str], list[Criterion]]] = []
    for criterion in criteria:
        about = _about(criterion.check or "")
        if not about:
            continue
        met = [group for group in groups if group[0] & about]
        joined = (about.union(*(group[0] for group in met)), [c for group in met for c in group[1]] + [criterion])
        groups = [*(group for group in groups if group not in met), joined]
    return [group for _, group in groups]


def _about(check: str) -> set[str]:
    """The files of a check and its program; empty where it names no file."""
    files = {path for _, path in mentions(check) if "/" in path or path.endswith(CODE)}
    program = next((word for word in check.split() if word not in RUNNERS), "")
    return {*files, program} if files else set()
