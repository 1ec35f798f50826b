"""Text of agents, tools, repositories and other users, made harmless before it is shown; pure.

The one place for it: every view takes its text through one of these. What could drive a terminal, reorder a line or
hide in it is shown as `<U+202E>`, so that whoever reviews sees it.
"""

import re

from specwright.tasks.wording import cut

_EMOJI = "[©®‼⁉™ℹ↔-⇿⌀-➿⤀-⥿⬀-⯿〰〽㊗㊙\U0001f000-\U0001faff]"
_LETTER = "[\u0620-\u0dff]"
"""Of Arabic and the scripts of India, where a joiner is spelling."""
_WANTED = "|".join(
    (
        rf"(?<={_EMOJI})[\ufe0e\ufe0f]",
        r"(?<=[#*0-9])\ufe0f(?=\u20e3)",
        rf"(?<={_EMOJI})\u200d(?={_EMOJI})",
        rf"(?<={_EMOJI}\ufe0f)\u200d(?={_EMOJI})",
        rf"(?<={_LETTER})[\u200c\u200d](?={_LETTER})",
    )
)
_UNSEEN = (
    "\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""DEL and C1, bidi marks, overrides and isolates, separators, halves of pairs, all that is ignored by default."""
_HARMFUL = re.compile(f"(?P<wanted>{_WANTED}|\r(?=\n))|[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_IN_A_LINE = re.compile(f"(?P<wanted>{_WANTED})|[\x00-\x1f{_UNSEEN}]")
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, the cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS and such: titles, links
    r"|\x1b[ -/]*[0-~]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!|<>~&@=$^-]|:(?=//))")
LONGEST = 1000
"""Characters of a sentence that an editor pops up."""
WIDEST = 500
"""Characters of a line of code in a hover."""


def harmless(text: str) -> str:
    """A text of lines, whose line ends (CRLF, too) and tabs stay, as do emoji and the joiners of a spelling."""
    return text if text.isascii() and text.isprintable() else _HARMFUL.sub(_shown, text)


def one_line(text: str, most: int | None = None) -> str:
    """The same for a title, a path or a sentence: line ends and tabs are shown, so that nothing fakes a line."""
    text = text if text.isascii() and text.isprintable() else _IN_A_LINE.sub(_shown, text)
    return text if most is None else cut(text, most)


def without_sequences(text: str) -> str:
    """A text without the colours and titles that tools print; what is left of broken ones is `harmless`'s."""
    return _SEQUENCE.sub("", text)


def message(text: str, most: int = LONGEST) -> str:
    """A sentence that an editor pops up: editors make links of `[…](…)` there, and some run a command."""
    return cut(harmless(text).replace("](", "] ("), most)


def label(text: str, most: int = LONGEST) -> str:
    """A text of one line beside a button or a bar, where editors make pictures of `$(…)`, too."""
    return cut(message(one_line(text)).replace("$(", "$ ("), most)


def markdown(text: str) -> str:
    """A paragraph of Markdown that reads literally: no link, picture, HTML, list or heading is made of it."""
    return _MARKDOWN.sub(r"\\\1", harmless(" ".join(text.split())))


def fenced(text: str, language: str) -> str:
    """A block of code of Markdown that its text can't end."""
    lines = [cut(line, WIDEST) for line in harmless(text).split("\n")]
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return "\n".join([f"{fence}{language}", *lines, fence])


def in_json(document: str) -> str:
    """JSON text whose strings spell with `\\u` what could drive a terminal; the values are the same."""
    return _HARMFUL.sub(_escaped, document)


def _shown(found: re.Match[str]) -> str:
    return found[0] if found["wanted"] else f"<U+{ord(found[0]):04X}>"


def _escaped(found: re.Match[str]) -> str:
    if found["wanted"]:
        return found[0]
    point = ord(found[0])
    if point <= 0xFFFF:
        return f"\\u{point:04x}"
    return f"\\u{0xD7C0 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"
