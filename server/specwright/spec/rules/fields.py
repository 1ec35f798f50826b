"""Rules about how a spec is written, as far as its parts show it: 0xx. What only the parser sees is `spec.syntax`'s."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from specwright.spec.escapes import emphasis
from specwright.spec.grammar import ALIASES, KEYS
from specwright.spec.lines import body
from specwright.spec.markdown import FENCE, INFO
from specwright.spec.model import MARKDOWN, Carrier, Field, Point, Problem, Severity, Span
from specwright.spec.rules.look import Look
from specwright.spec.tokens import located_tokens

LONGEST_TITLE = 72
LIKE_KEY = re.compile(r"(?P<key>[A-Za-z][A-Za-z-]{0,11})\s*:")
_SIGN = r"(?:\d{1,9}[.)]|[-–—•*+]{1,3})[ \t\u00a0]*"
LIKE_BULLET = re.compile(
    rf"(?:{_SIGN})?\\?\[(?P<box>[ xX]?)\\?\][ \t\u00a0]+(?=\S)|[☐☑☒✅✓✔•▪●][ \t\u00a0]+(?=\S)"
    rf"|(?:{_SIGN})?(?P<key>[a-z][a-z-]{{0,11}}):(?=[ \t\u00a0]|$)"
)
PROSE_KEYS = {"goal", "intent", "note", "see", "ref", "context", "scope", "error", "errors"}
"""Keys that prose may begin with, where it has no sign of a bullet."""
BOX = re.compile(r"\\?\[[ xX✓✔]{0,2}\\?\](?P<text>.*)")
EMPHASIS = "emphasis"
"""What a SPEC011 holds that is about Markdown."""
FENCED = "fenced"
"""What a SPEC007 holds that is about a fence."""
UNREAD = "What a fence holds is no part of the spec: the agent is not told. Name a file that holds it in 'see:'."
CHECK = "check"
"""What people write as a key, and is none."""
CHECK_ENDS = "A check ends its criterion."
LONE_BULLET = "This bullet is only a note. Make it a criterion?"
BROKEN_BOX = "This bullet is only a note. A criterion begins with '- [ ] ': one space in the box, and one behind it."
EMPTY_BOX = "This criterion says nothing yet."


def long_title(look: Look) -> Iterator[Problem]:
    """SPEC002: the title is long."""
    length = len(look.spec.title)
    if length > LONGEST_TITLE:
        message = f"Title is {length} characters; formatters may wrap it into the goal."
        yield Problem("SPEC002", Severity.INFO, message, look.spec.title_span)


def unknown_key(look: Look) -> Iterator[Problem]:
    """SPEC004: the key of a field is not known."""
    for field in look.fields("note"):
        if is_unknown(field):
            known = nearest_key(field.given)
            hint = f"Did you mean '{known}'?" if known else "The line is kept as a note."
            hint = CHECK_ENDS if field.given == CHECK else hint
            message = f"Unknown field '{field.given}'. {hint}"
            yield Problem("SPEC004", Severity.WARNING, message, _key(field), (field.given, known))


def emphasised(look: Look) -> Iterator[Problem]:
    """SPEC011: Markdown reads signs of paths as emphasis, and its formatters write others there."""
    if look.spec.carrier not in MARKDOWN:
        return
    for field in look.fields("files", "see"):
        for start, end in _emphasised(field.value):
            message = (
                f"Markdown reads '{field.value[start:end]}' as emphasis, and formatters change it: use back-ticks."
            )
            yield Problem("SPEC011", Severity.WARNING, message, field.written.span(start, end), (EMPHASIS,))


def fenced(look: Look) -> Iterator[Problem]:
    """SPEC007: code in a fence of a section is no part of its spec, whatever it shows."""
    spec, opened = look.spec, ""
    if spec.carrier not in {Carrier.HEADING, Carrier.FILE} or spec.body is None:
        return
    for row in range(spec.span.start.line, min(spec.body.end.line, len(look.lines))):
        line = body(look.lines[row])
        found = FENCE.match(line.lstrip(" ")) if "```" in line or "~~~" in line else None
        if found and found["fence"][0] == "`" and "`" in found["info"]:  # a code span
            continue
        if found and not opened:
            opened = found["fence"]
            if not INFO.match(found["info"]):
                span = Span(Point(row, len(line) - len(line.lstrip(" "))), Point(row, len(line.rstrip())))
                yield Problem("SPEC007", Severity.INFO, UNREAD, span, (FENCED,))
        elif found and found["fence"].startswith(opened) and not found["info"].strip():
            opened = ""


def _emphasised(value: str) -> Iterator[tuple[int, int]]:
    """Where the tokens of a value begin and end in which a sign is read as emphasis."""
    runs = emphasis(value)
    for _, start, end in located_tokens(value) if runs else ():
        if any(start <= run[0] < end for run in runs):
            yield start, end


def bare_bullet(look: Look) -> Iterator[Problem]:
    """SPEC006: a bullet has no key."""
    yield from _swallowed(look)
    for field in look.fields("note"):
        if field.given or not is_bullet(field):
            continue
        if found := meant_key(field):
            key = found["key"].lower()
            hint = CHECK_ENDS if key == CHECK else f"To make it a field, write '{key}: …'."
            span = field.written.span(0, found.end())
            yield Problem("SPEC006", Severity.WARNING, f"This bullet is only a note. {hint}", span, (key,))
        else:
            box = BOX.match(field.value)
            message = BROKEN_BOX if box and box["text"] else EMPTY_BOX if box else LONE_BULLET
            severity = Severity.WARNING if message is BROKEN_BOX else Severity.HINT
            yield Problem("SPEC006", severity, message, field.span)


def meant_key(field: Field) -> re.Match[str] | None:
    """What a note begins with that is a key but for capitals, or white space around its colon."""
    found = LIKE_KEY.match(field.value)
    return found if found and found["key"].lower() in {*KEYS, *ALIASES, CHECK} - {"note"} else None


def is_unknown(field: Field) -> bool:
    """Whether it has a key that the language does not know."""
    return bool(field.given) and field.given not in KEYS and field.given not in ALIASES


def is_bullet(field: Field) -> bool:
    """Whether it is a line of its own with a bullet; prose of Markdown is not."""
    pieces = field.written.pieces
    return not pieces or pieces[0][:2] != (field.span.start.line, field.span.start.column)


def nearest_key(given: str) -> str:
    """The key, or another name of one, that is nearest; empty where none is near."""
    return next(iter(get_close_matches(given, [*KEYS, *ALIASES], 1, 0.7)), "")


def _swallowed(look: Look) -> Iterator[Problem]:
    """Lines that look like bullets and are prose, which goes on with what stands above."""
    starts = [*(c.span.start for c in look.spec.criteria), *(field.span.start for field in look.spec.fields)]
    heads = {start.line: start.column for start in starts}
    for statement in look.statements[1:]:
        for row, column, text in statement.written.pieces:
            found = LIKE_BULLET.match(text) if heads.get(row, column) == column else None
            known = {*KEYS, *ALIASES} - (PROSE_KEYS if found and not found.start("key") else set())
            if found and (found["key"] is None or found["key"] in known):
                bullet = f"- {found['key']}:" if found["key"] else f"- [{found['box'] or ' '}] "
                message = (
                    f"This line goes on with what stands above. To make it a part of its own, begin with '{bullet}'."
                )
                span = Span(Point(row, column), Point(row, column + found.end()))
                yield Problem("SPEC006", Severity.WARNING, message, span, (bullet,))


def _key(field: Field) -> Span:
    start = field.written.point(0)
    return field.written.span(0, len(field.given)) if field.written.pieces else Span(start, start)
