"""Lines of a comment that speak to other tools: tags of documentation, directives of linters. A spec ends above them.

They stand right below what people write, and a spec that took them in would take them along when it goes.
"""

import re

_TAGS = (
    "api[A-Z]\\w*|arg|argument|author|brief|callback|category|copyright|covers|dataProvider|default|deprecated|enum"
    "|event|example|exception|fileoverview|file|fires|formatter|function|generated|group|hidden|impl[A-Z]\\w*|import"
    "|inherit[dD]oc|internal|jest-\\w+|jsx\\w*|license|listens|member|memberof|method|module|namespace|noinspection"
    "|note|package|params?|phpstan-\\S+|preserve|private|protected|psalm-\\S+|public|raises|readonly|remarks|retval"
    "|returns?|satisfies|sa|see|serial\\w*|since|template|this|throws|todo|tparam|ts-\\w+|type|typedef|typeParam|var"
    "|version|vite-\\w+|yields?"
)
_SECTIONS = (
    "Arg(?:ument)?s|Attributes|Examples?|Keyword Arg(?:ument)?s|Methods|Notes?|Other Parameters|Param(?:eter)?s|Raises"
    "|References|Returns?|See Also|Throws|Todo|Warn(?:ing)?s|Yields?"
)
_ELEMENTS = "code|example|exception|inheritdoc|list|para|param|remarks|returns|seealso|see|summary|typeparam|value"
_DIRECTIVES = (
    r"(?:autopep8|bandit|checkov|c[sS]pell|codespell|detekt|flake8|isort|luacheck|mypy|nolint|noqa|phpcs|pylint|pyright"
    r"|rubocop|ruff|selene|spell-checker|sqlfluff|steep|stylua|swiftlint|tfsec|typed|vim?|yapf):|fmt:\s*(?:on|off|skip)"
    r"|type:\s*ignore|pragma:?\s*no|go:[a-z]|\+build\s|(?:NOLINT|NOSONAR|NOPMD|nosec|noqa)\b|clang-format\s+o(?:n|ff)"
    r"|(?:biome|prettier|tflint|swift-format)-ignore|deno-lint-ignore|(?:eslint|ktlint|oxlint|stylelint|tslint)-[a-z]"
    r"|(?:c8|istanbul|v8)\s+ignore|(?:hadolint|shellcheck)\s+\w+=|yamllint\s+(?:dis|en)able|SPDX-|-\*-|noinspection\s"
)
FOREIGN = re.compile(
    rf"@(?:{_TAGS})\b|\\(?:brief|param|returns?|retval|sa|see|throws|tparam)\b"
    r"|:(?:param|type|returns?|rtype|raises?|yields?|ivar|cvar|var|meta)\b[^:]*:"
    rf"|(?:{_SECTIONS}):?$|</?(?:{_ELEMENTS})\b|#{{1,6}}\s|`{{3}}|~{{3}}|{_DIRECTIVES}"
)


def is_foreign(text: str) -> bool:
    """Whether a line of a comment or docstring, trimmed, is meant for another tool; one with a check goes on a spec."""
    return FOREIGN.match(text) is not None and " check: " not in text
