"""Rules about words that leave open what is meant: 2xx. Quoted and back-ticked text is not judged."""

import re
from collections.abc import Iterator

from specwright.spec.model import Problem, Severity
from specwright.spec.rules import words
from specwright.spec.rules.look import PROSE, Look, Statement
from specwright.spec.rules.words import COMMON, SYMBOL
from specwright.spec.see import path_of

DIGIT = re.compile(r"\d")
MOST_IN_PARENTHESES = 300
"""Characters."""
MOST_READ = 20
"""Files of the scope in which a symbol is looked for; where there are more, nobody can say that it is in none."""


def vague(look: Look) -> Iterator[Problem]:
    """SPEC201: a vague word."""
    message = "'{}' can mean different things. Replace it with a value or an example."
    for statement in look.of(*PROSE):
        for start, sentence in statement.sentences:
            end = _end_of_demand(statement, sentence)
            for pattern in _vague(statement, sentence):
                for found in pattern.finditer(sentence, 0, end):
                    if not words.SAID_AFTER.match(sentence, found.end()):
                        yield _at("SPEC201", statement, start, found, message, _weight(statement))


def escape(look: Look) -> Iterator[Problem]:
    """SPEC202: words that let the agent decide."""
    message = "'{}' lets the agent decide. Say when it applies."
    for statement in look.of(*PROSE):
        for start, sentence in statement.sentences:
            for found in words.ESCAPE.finditer(sentence):
                if found[0].casefold() != "if needed" or not words.CREATE.search(sentence, 0, found.start()):
                    yield _at("SPEC202", statement, start, found, message, Severity.INFO)


def open_list(look: Look) -> Iterator[Problem]:
    """SPEC203: a list is open."""
    message = "Open list. Name every case or the rule that produces them."
    for statement in look.of(*PROSE):
        for found in words.OPEN_LIST.finditer(statement.plain):
            if statement.kind != "goal" or not _in_parentheses(statement.plain, found.start()):
                yield _at("SPEC203", statement, 0, found, message, _weight(statement))


def weak(look: Look) -> Iterator[Problem]:
    """SPEC204: a criterion says what should be."""
    for statement in look.of("criterion"):
        for clause in words.CLAUSE.finditer(statement.plain):
            for found in _wishes(clause):
                span = statement.span(*found.span("modal"))
                message = "Criteria state facts: 'returns', not 'should return'."
                yield Problem("SPEC204", Severity.INFO, message, span, (found["modal"],))


def pointing(look: Look) -> Iterator[Problem]:
    """SPEC205: a criterion begins with a pronoun."""
    for statement in look.of("criterion", "must"):
        if found := words.POINTING.match(statement.plain):
            word = found[0].partition(" ")[0]
            message = f"What does '{word}' refer to? Criteria are read one by one."
            yield Problem("SPEC205", Severity.HINT, message, statement.span(0, len(word)))


def unitless(look: Look) -> Iterator[Problem]:
    """SPEC206: a number has no unit."""
    for statement in look.of(*PROSE):
        for found in words.UNITLESS.finditer(statement.plain):
            span = statement.span(*found.span("number"))
            yield Problem("SPEC206", Severity.HINT, f"{found['number']} what?", span, (found["number"],))


def comparative(look: Look) -> Iterator[Problem]:
    """SPEC207: a comparison has no baseline."""
    for statement in look.of(*PROSE):
        for start, sentence in statement.sentences:
            if not words.BASELINE.search(sentence):
                for found in words.COMPARATIVE.finditer(sentence):
                    yield _at("SPEC207", statement, start, found, "Compared to what?", Severity.INFO)


def passive(look: Look) -> Iterator[Problem]:
    """SPEC208: it is open who does something."""
    for statement in look.of(*PROSE):
        for found in words.PASSIVE.finditer(statement.plain):
            yield _at("SPEC208", statement, 0, found, "Who does this?", Severity.INFO)


def undefined(look: Look) -> Iterator[Problem]:
    """SPEC209: silent where no file of the scope or of `see:` can be read, or there are too many."""
    named = [(statement, found) for statement in look.of(*PROSE) for found in _names(statement)]
    if not named:
        return
    texts = [*_texts(look), *look.spec.values("api")]
    if len(texts) == len(look.spec.values("api")):
        return
    for statement, found in named:
        name = found[found.re.groupindex.get("name", 0)]
        last = re.split(r"\.|::", name)[-1]
        if not any(last in text for text in texts):
            message = f"`{name}` is not defined in the scope or its context."
            yield Problem("SPEC209", Severity.HINT, message, statement.span(*found.span()), (name,))


def _vague(statement: Statement, sentence: str) -> Iterator[re.Pattern[str]]:
    yield words.VAGUE
    if not DIGIT.search(sentence):
        yield words.VAGUE_WITHOUT_NUMBER
    if not words.THREAT.search(sentence):
        yield words.VAGUE_WITHOUT_THREAT
    if statement.kind == "criterion":
        yield words.VAGUE_IN_CRITERION


def _in_parentheses(text: str, at: int) -> bool:
    """Whether a place is between parentheses: in a goal, these hold examples of what it has a word for."""
    opened, closed = (text.rfind(sign, max(0, at - MOST_IN_PARENTHESES), at) for sign in "()")
    return opened > closed


def _end_of_demand(statement: Statement, sentence: str) -> int:
    """Where the reason of a goal begins, or its end."""
    reason = words.REASON.search(sentence) if statement.kind == "goal" else None
    return reason.start() if reason else len(sentence)


def _wishes(clause: re.Match[str]) -> Iterator[re.Match[str]]:
    """The modals of a clause but for those of a question in it, or of what is possible, instead of the result."""
    text, start, end = clause.string, clause.start(), clause.end()
    asked, possible = (pattern.search(text, start, end) for pattern in (words.ASKED, words.POSSIBLE))
    for found in words.MODAL.finditer(text, start, end):
        before = [asked] if found["modal"] == "should" else [asked, possible]
        if not any(one and one.end() <= found.start() for one in before):
            yield found


def _weight(statement: Statement) -> Severity:
    return Severity.INFO if statement.kind == "criterion" else Severity.HINT


def _at(code: str, statement: Statement, start: int, found: re.Match[str], message: str, severity: Severity) -> Problem:
    span = statement.span(start + found.start(), start + found.end())
    return Problem(code, severity, message.format(found[0]), span, (found[0],))


def _names(statement: Statement) -> Iterator[re.Match[str]]:
    for found in SYMBOL.finditer(statement.text):
        name = found["name"]
        if found["call"] or "_" in name[1:] or "::" in name or re.search(r"[a-z][A-Z]", name):
            yield found
    for found in words.ABBREVIATION.finditer(statement.plain):
        if found[0] not in COMMON:
            yield found


def _texts(look: Look) -> list[str]:
    """What is written where the agent works and looks."""
    tree = look.facts.tree
    if tree is None:
        return []
    seen = [path_of(token) for token, _ in look.tokens("see")]
    inside = sorted(tree.within(look.scope)) if look.scope.patterns else []
    paths = dict.fromkeys([*(path for path in seen if path in tree.paths), *inside])
    if len(paths) > MOST_READ:
        return []
    return [text for path in paths if (text := tree.text(path)) is not None]
