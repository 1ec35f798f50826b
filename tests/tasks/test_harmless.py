"""Text of others: nothing in it drives a terminal, hides, reorders a line or becomes Markdown."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from specwright.tasks.harmless import fenced, harmless, in_json, label, markdown, message, one_line

NASTY = "\0\a\b\t\n\r\x1b\x7f\x9b\xad\u034f\u061c\u200b\u200d\u200e\u202e\u2066\u3164\ud83d\ufe0f\ufeff\ufff9\U000e0041"
MARKED = "\\`*_{}[]()#+-.!|<>~&:@=$^ \n\tab1"
TEXTS = st.one_of(
    st.text(st.characters()), st.text(NASTY + "aक😀👩"), st.text(MARKED), st.text("\x1b\x9b\x9d[]01;m\\\a\x9cab")
)
NO_LETTERS = {"Cc", "Cs", "Zl", "Zp"}
HIDING = {"BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = set("\u200e\u200f\u061c\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u180b\u180c\u180d")


def drives(character: str) -> bool:
    """Whether a terminal or an editor does something else with it than to draw it, said without `harmless`'s tables."""
    kinds = unicodedata.category(character), unicodedata.bidirectional(character)
    return kinds[0] in NO_LETTERS or kinds[1] in HIDING or character in MARKS


def left(text: str) -> set[str]:
    """What of a text drives something; joiners between what they join, and CR at a line's end, do not."""
    return {character for character in re.sub("(?<=.)\u200d(?=.)|\r(?=\n)", "", text) if drives(character)}


@given(TEXTS)
def test_nothing_that_drives_or_hides_is_left(text: str) -> None:
    assert left(harmless(text)) <= {"\n", "\t"}
    assert left(fenced(text, "diff")) <= {"\n", "\t"}
    assert left(message(text)) <= {"\n", "\t"}
    for shown in (one_line(text), label(text), markdown(text)):
        assert left(shown) == set()


@given(TEXTS)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    for made in (harmless, one_line, message, label):
        assert made(made(text)) == made(text), made.__name__


@pytest.mark.parametrize(
    "text",
    [
        "plain ASCII: [x](y) `z` ~!@#$%^&*",
        "tab\tand\nlines\r\nof Windows\r\n",
        "漢字、かな、한글。",
        "naïve – ünïcode ✓ “quoted” …",
        "👍🏽 👩‍👩‍👧 ❤️ ☎︎ 1️⃣ 🇫🇷 🏳️‍🌈",
        "می‌خواهم क्‍ष العربية עברית",
    ],
)
def test_text_that_is_only_read_is_unchanged(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\a\b\x9b1m", "<U+001B>[2J<U+0007><U+0008><U+009B>1m"),
        ("if a:\u202e\u2066", "if a:<U+202E><U+2066>"),
        ("10 %\rdone\r\n", "10 %<U+000D>done\r\n"),
        ("\r\r\n", "<U+000D>\r\n"),
        ("pass\u200bword \U000e0041", "pass<U+200B>word <U+E0041>"),
        ("half \ud83d", "half <U+D83D>"),
        ("a\u200db\ufe0f", "a<U+200D>b<U+FE0F>"),
    ],
)
def test_what_hides_is_shown_for_what_it_is(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_a_line_can_fake_no_other_one() -> None:
    assert one_line("a\nqueued b\tc\r\n") == "a<U+000A>queued b<U+0009>c<U+000D><U+000A>"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"


@given(TEXTS)
def test_no_sentence_of_an_editor_holds_a_link_or_a_picture(text: str) -> None:
    assert "](" not in message(text)
    assert "](" not in label(text)
    assert "$(" not in label(text)
    assert max(len(message(text * 300)), len(label(text * 300))) <= 1000


@given(TEXTS)
def test_markdown_reads_literally(text: str) -> None:
    """A renderer of CommonMark with tables and bare links makes one paragraph of it whose text is the same."""
    shown = " ".join(harmless(" ".join(text.split())).split())
    assert not re.search(r"[\[\]<>`*_]", re.sub(r"\\.", "", markdown(text)))
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown(text))
    assert [block.type for block in blocks] == (["paragraph_open", "inline", "paragraph_close"] if shown else [])
    inner = [part for block in blocks for part in block.children or []]
    assert {part.type for part in inner} <= {"text", "text_special"}
    assert " ".join("".join(part.content for part in inner).split()) == shown


@given(st.text(st.one_of(st.sampled_from("`~\n\r ab"), st.characters())))
def test_a_block_of_code_is_ended_by_its_fence_alone(text: str) -> None:
    blocks = MarkdownIt("commonmark").parse(fenced(text, "python") + "\n\nafter")
    assert [block.type for block in blocks] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@given(st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=5))
def test_json_has_the_same_values_and_drives_nothing(value: object) -> None:
    document = in_json(json.dumps(value, ensure_ascii=False, indent=2))
    assert left(document) <= {"\n"}
    assert json.loads(document) == json.loads(json.dumps(value))
