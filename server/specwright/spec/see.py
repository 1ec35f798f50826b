"""What a token of `see:` names: a file, and in it lines, a symbol, or a heading by the anchor that links to it have."""

import re
from collections.abc import Iterator

from specwright.spec.lines import body, split_lines
from specwright.spec.markdown import FENCE, HEADING, SETEXT, without_signs

LINES = re.compile(r"L(\d{1,9})(?:-L?(\d{1,9}))?")
NO_ANCHOR = re.compile(r"[^\w\- ]")


def path_of(token: str) -> str:
    """The file that it names, without a part of it."""
    return token.partition("#")[0].partition("::")[0]


def anchors(text: str) -> Iterator[str]:
    """The headings of a Markdown text, as the usual renderers name links to them."""
    for heading in _headings(text):
        yield NO_ANCHOR.sub("", heading.strip().casefold()).replace(" ", "-")


def _headings(text: str) -> Iterator[str]:
    fence = above = ""
    for line in map(body, split_lines(text)):
        if fence:
            fence = "" if line.strip().startswith(fence) else fence
        elif opened := FENCE.match(line):
            fence, above = opened["fence"], ""
        elif heading := HEADING.match(line):
            yield without_signs(heading["text"] or "")
            above = ""
        else:
            if above and SETEXT.match(line):
                yield above
            above = line.strip()
