"""Quick fixes of 0xx."""

import hashlib
import re
from collections.abc import Iterator
from difflib import get_close_matches

from specwright.spec.edit import LETTERS
from specwright.spec.grammar import ONCE, Kind, classify
from specwright.spec.languages import language_of
from specwright.spec.lines import body
from specwright.spec.markdown import BOM, HEADING, SETEXT
from specwright.spec.model import Carrier, Field, Point, Problem, Span
from specwright.spec.rules import mending
from specwright.spec.rules.fields import CHECK, EMPHASIS, FENCED, LONGEST_TITLE, meant_key
from specwright.spec.rules.look import Look
from specwright.spec.rules.mend_comment import as_line_comments, meant_end
from specwright.spec.rules.rule import Edit, Fix
from specwright.spec.syntax import NO_HEADING, ODD, OPEN_SPAN, OUTSIDE, PRIORITIES, TWICE

NEARLY = re.compile(r"\w++ ?!?[\s:.–—-]*(?P<title>[^\W_])")
TICKS = re.compile(r"`+")
FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
LIKE_BOX = re.compile(r"[\[(][ xX✓✔]{0,2}[\])]\s*")
QUOTES = re.compile(r"\"\"\"|'''")
LISTS = ONCE | {"after"}
"""Keys whose values no words may follow."""
TREE = re.compile(r"([\w./@-]+/)\*\*(?:/\S*)?")
BEFORE = re.compile(r"\S*$")
AFTER = re.compile(r"\S*")


def title(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC001: the marker has no title."""
    at = problem.span.end
    if ODD in problem.data:
        return _as_marker(look, problem.span)
    if NO_HEADING in problem.data:
        return _as_heading(look, problem.span)
    return mending.one("Add a title", Edit(Span(at, at), " ‹title›"))


def _as_marker(look: Look, span: Span) -> Iterator[Fix]:
    """Of a line that is nearly a marker line, where it is clear what was meant."""
    row, column = span.start.line, span.start.column
    if found := NEARLY.match(body(look.lines[row]), column):
        start = Span(span.start, Point(row, found.start("title")))
        yield Fix("Write 'spec! '", (Edit(start, f"{look.spec.word} "),))


def _as_heading(look: Look, span: Span) -> Iterator[Fix]:
    """Of the first line of a file without a title, which may be its title in other signs."""
    row = span.start.line
    line, below = body(look.lines[row]), body(look.lines[row + 1]) if row + 1 < len(look.lines) else ""
    begin = line.startswith(BOM)
    if found := HEADING.match(line, begin):
        signs = Span(Point(row, found.start("signs")), Point(row, found.end("signs")))
        yield Fix("Make it the title", (Edit(signs, "#"),))
    elif (sign := SETEXT.match(below)) and sign["sign"][0] == "=" and not line.rstrip().endswith("#"):
        under = Edit(Span(Point(row, len(line)), Point(row + 1, len(below))), "")
        yield Fix("Make it the title", (Edit(Span(span.start, span.start), "# "), under))
    else:
        at = Point(row, begin)
        yield Fix("Add a title", (Edit(Span(at, at), "# ‹title›\n\n"),))


def shorter_title(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC002: the title is long."""
    text, span = look.spec.title, look.spec.title_span
    at = text.rfind(" ", 0, LONGEST_TITLE + 1)
    tail = text[at + 1 :]
    if at > 0 and classify(tail, (look.spec.word,)).kind is Kind.PROSE:
        start = Point(span.start.line, span.start.column + at)
        cut, put = Edit(Span(start, span.end), ""), mending.insert(look, mending.marker_end(look), tail)
        edits = (Edit(cut.span, put.text),) if put.span.start == span.end else (cut, put)
        yield Fix("Move the end of the title to the goal", edits)


def close(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC003: a fence, comment or code span is not closed."""
    start = problem.span.start
    opened = TICKS.match(body(look.lines[start.line]), start.column)
    if OPEN_SPAN in problem.data and opened:
        yield Fix("Close the code span", (Edit(Span(problem.span.end, problem.span.end), opened[0]),))
    elif (closer := _closer(look)) and (at := meant_end(look)):
        on_its_own = look.spec.carrier in {Carrier.FENCE, Carrier.DOCSTRING}
        edit = mending.insert(look, at, closer) if on_its_own else Edit(Span(at, at), f" {closer}")
        yield Fix("Close the block", (edit,))


def rename_key(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC004: the key of a field is not known."""
    near = problem.data[1] if len(problem.data) > 1 else ""
    if field := _note_at(look, problem):
        yield from _as_check(look, field)
    if near:
        yield Fix(f"Rename to '{near}'", (Edit(problem.span, near),))
    start = problem.span.start
    yield Fix("Make it a note", (Edit(Span(start, start), "note: "),))


def bad_value(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC005: a field is given twice, or its value is not one that the key takes."""
    field = next((field for field in look.spec.fields if field.span == problem.span), None)
    if problem.span.start.line != problem.span.end.line:  # what is wrapped would go with it
        return
    if TWICE in problem.data:
        yield Fix("Keep the first", (mending.delete(look, problem.span),))
    elif OUTSIDE in problem.data:
        yield Fix("Remove the path", (mending.without_token(look, problem.data[1], problem.span),))
    elif field and field.key == "priority":
        for value in PRIORITIES:
            yield Fix(f"Use '{value}'", (Edit(_value(field), value),))
    elif field and field.key == "allow" and re.fullmatch(r"SPEC\d{3}", field.value):
        yield Fix("Add a reason", (Edit(Span(field.span.end, field.span.end), " ‹reason›"),))
    elif problem.data:
        yield from _other_gate(look, problem)


def _other_gate(look: Look, problem: Problem) -> Iterator[Fix]:
    """A gate that is not there."""
    token = problem.data[0]
    name = token.lstrip("+-")
    for near in get_close_matches(name, look.facts.gates.names if look.facts.gates else (), 1):
        yield Fix(f"Use '{near}'", (Edit(problem.span, token.removesuffix(name) + near),))
    yield Fix(f"Remove '{token}'", (mending.without_token(look, "gates", problem.span),))


def bullet(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC006: a bullet has no key."""
    if problem.data and problem.data[0].startswith("-"):
        yield Fix(f"Write '{problem.data[0].rstrip()}'", (Edit(problem.span, problem.data[0]),))
        return
    field = _note_at(look, problem)
    if field is None or not field.value:
        return
    if found := meant_key(field):
        key, behind = problem.data[0], field.value[found.end() : found.end() + 1].strip() and " "
        as_key = Fix(f"Write '{key}:'", (Edit(field.written.span(0, found.end()), f"{key}:{behind}"),))
        yield from _as_check(look, field) if key == CHECK else [as_key]
        return
    sign, box = Span(field.span.start, _value(field).start), LIKE_BOX.match(field.value)
    if box:
        text = "- [ ] " if box.end() < len(field.value) else "- [ ] ‹observable result›"
        yield Fix("Make it a criterion", (Edit(Span(sign.start, field.written.point(box.end())), text),))
        return
    for name, text in (("criterion", "- [ ] "), ("'must'", "- must: "), ("'not'", "- not: ")):
        yield Fix(f"Make it a {name}", (Edit(sign, text),))
    if _goes_on(look, field):
        yield Fix("Join with the line above", (Edit(sign, ""),))


def blank_above(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC007: a marker stands in running text, or a criterion behind its spec."""
    row, column = problem.span.start.line, problem.span.start.column
    if FENCED in problem.data:
        return iter(())
    at = Point(row, 0)
    return mending.one("Add a blank line above", Edit(Span(at, at), f"{look.lines[row][:column].rstrip()}\n"))


def whole_tree(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC011: the text ends, nests or breaks its own comment."""
    start, stop = problem.span.start, problem.span.end
    if EMPHASIS in problem.data:
        yield Fix("Put it in back-ticks", (Edit(Span(start, start), "`"), Edit(Span(stop, stop), "`")))
        return
    line = body(look.lines[start.line])
    first = BEFORE.search(line, 0, start.column)
    last = AFTER.match(line, stop.column)
    if first and last and (found := TREE.fullmatch(line[first.start() : last.end()])):
        span = Span(Point(start.line, first.start()), Point(start.line, last.end()))
        yield Fix(f"Write '{found[1]}'", (Edit(span, found[1]),))
    yield from as_line_comments(look, problem)


def other_handle(look: Look, problem: Problem) -> Iterator[Fix]:
    """SPEC012: two specs of the checkout have the same handle."""
    row, column = look.spec.title_span.end.line, look.spec.title_span.end.column
    found = mending.HANDLE.match(look.lines[row], column)
    if found:
        span = Span(Point(row, column), Point(row, found.end()))
        used = {known.handle for known in look.facts.specs or ()}
        yield Fix("Give it a new handle", (Edit(span, f" (#{_handle(look, used)})"),))
        yield Fix("Remove the handle", (Edit(span, ""),))


def _closer(look: Look) -> str:
    spec = look.spec
    line = look.lines[spec.body.start.line] if spec.body else ""
    if spec.carrier is Carrier.FENCE and (fence := FENCE.match(line)):
        return fence[1]
    if spec.carrier is Carrier.DOCSTRING and (quotes := QUOTES.search(line)):
        return quotes[0]
    blocks = language_of(look.path, spec.language).row.blocks
    return next((block.closer for block in blocks if block.opener in line), "")


def _note_at(look: Look, problem: Problem) -> Field | None:
    return next((field for field in look.fields("note") if field.span.start.line == problem.span.start.line), None)


def _as_check(look: Look, field: Field) -> Iterator[Fix]:
    """Where a bullet holds the check of the criterion above it."""
    key, _, rest = field.value.partition(":")
    above = next((c for c in look.spec.criteria if c.span.end.line == field.span.start.line - 1), None)
    if key.strip().lower() != CHECK or not rest.strip() or above is None or not mending.takes_check(above):
        return
    start = field.written.point(len(field.value) - len(rest.lstrip()))
    tick = "" if "`" in rest or rest.strip(" .") == "manual" else "`"
    end = [Edit(Span(field.span.end, field.span.end), tick)] if tick else []
    head = Edit(Span(field.span.start, start), f"check: {tick}")
    yield Fix("Make it the check of the criterion above", (head, *end))


def _value(field: Field) -> Span:
    return field.written.span(0, len(field.value))


def _goes_on(look: Look, field: Field) -> bool:
    """Whether the line above is a part that the text could go on, without spoiling its check."""
    above = field.span.start.line - 1
    parts = [c.span for c in look.spec.criteria if not c.check and not c.manual]
    parts += [other.span for other in look.spec.fields if other is not field and other.key not in LISTS]
    rows = {span.end.line for span in parts} | {row for row, _, _ in look.spec.goal_written.pieces}
    return above in rows and classify(field.value, (look.spec.word,)).kind is Kind.PROSE


def _handle(look: Look, used: set[str | None]) -> str:
    """One that is not used, and is the same each time: an action must do what it was shown to do."""
    signs = LETTERS + "0123456789"
    for attempt in range(100):
        seed = f"{look.path}:{look.spec.span.start.line}:{look.spec.title}:{attempt}"
        drawn = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
        handle = LETTERS[drawn[0] % len(LETTERS)] + "".join(signs[byte % len(signs)] for byte in drawn[1:6])
        if handle not in used:
            break
    return handle
