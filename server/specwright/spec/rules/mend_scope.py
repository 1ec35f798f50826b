"""Quick fixes of 3xx."""

from collections.abc import Iterable, Iterator

from specwright.spec.model import Problem, Span
from specwright.spec.offers import quoted
from specwright.spec.rules import mending
from specwright.spec.rules.look import Look
from specwright.spec.rules.paths import IGNORED, command_span, mentions, nearest
from specwright.spec.rules.rule import Edit, Fix


def narrow(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC303: the scope is wide."""
    tree = look.facts.tree
    texts = [statement.text for statement in look.of("goal", "criterion")]
    named = sorted({path for text in texts for _, path in mentions(text)} & (tree.paths if tree else set()))
    fields = list(look.fields("files"))
    if named and fields:
        first = Edit(fields[0].written.span(0, len(fields[0].value)), _written(look, named))
        yield Fix("Narrow to the files of the text", (first, *(mending.delete(look, f.span) for f in fields[1:])))


def nearest_context(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC311: `see:` names what is not there."""
    near = nearest(problem.data[1], look.facts.tree) if len(problem.data) > 1 else ""
    if near:
        yield Fix(f"Use '{near}'", (Edit(problem.span, _written(look, [near])),))
    yield Fix(f"Remove '{problem.data[0]}'", (mending.without_token(look, "see", problem.span),))


def nearest_scope(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC312: `files:` names what is not there."""
    if len(problem.data) > 1:
        yield Fix(f"Use '{problem.data[1]}'", (Edit(problem.span, _written(look, [problem.data[1]])),))
        return
    if near := nearest(problem.data[0], look.facts.tree):
        yield Fix(f"Use '{near}'", (Edit(problem.span, _written(look, [near])),))
    text = f"- allow: SPEC312 {problem.data[0]} is new"
    yield Fix(f"'{problem.data[0]}' is new", (mending.insert(look, mending.end(look), text),))


def take_in(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC313: a path is mentioned and not in scope."""
    path = problem.data[0]
    denied = any(token.startswith("!") for token, _ in look.tokens("files"))
    if not denied:
        yield Fix("Add to 'files'", (_to_files(look, path),))
    yield Fix("Add to 'see'", (mending.insert(look, mending.end(look), f"- see: {_written(look, [path])}"),))


def other_check(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC314: a check names what is not there."""
    for span in commands_at(look, problem):
        yield from known_commands(look, span)
    path = problem.data[0].partition("::")[0]
    if "/" in path or "." in path:
        yield Fix(f"'{path}' is new", (_to_files(look, path),))


def commands_at(look: Look, problem: Problem) -> Iterator[Span]:
    """Where the command stands that a problem is in."""
    for criterion in look.spec.criteria:
        span = command_span(criterion)
        if criterion.check and span != criterion.span and span.start <= problem.span.start <= span.end:
            yield span


def known_commands(look: Look, span: Span) -> Iterator[Fix]:
    """The project's test commands, for one that can't be run."""
    for command in look.facts.commands or ():
        if "`" not in command:
            yield Fix(f"Write `{command}` instead", (Edit(span, command),))


def deny(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC315: the scope holds what tools write."""
    path = problem.data[0]
    if IGNORED in problem.data:
        return mending.one(f"Remove '{path}'", mending.without_token(look, "files", problem.span))
    return mending.one(f"Exclude '{path}'", _to_files(look, f"!{path}"))


def _to_files(look: Look, token: str) -> Edit:
    """With a first `files:` what counted without one still counts."""
    fields = list(look.fields("files"))
    if fields:
        return Edit(Span(fields[-1].span.end, fields[-1].span.end), f" {_written(look, [token])}")
    tree = look.facts.tree
    default = sorted({look.path, *(tree.within(look.scope) if tree else ())}) if look.scope.patterns else []
    return mending.insert(look, mending.end(look), f"- files: {_written(look, [*default, token])}")


def _written(look: Look, tokens: Iterable[str]) -> str:
    return " ".join(quoted(token, look.spec.carrier) for token in tokens)
