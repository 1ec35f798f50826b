"""The language table as data: one row per language. What it means is in docs/spec-language.md.

Patterns never match nothing, and never go back over what they read: a hostile line costs what its length costs.
"""

from dataclasses import dataclass

DOUBLE = r'"(?:\\.|[^"\\])*+"?'
SINGLE = r"'(?:\\.|[^'\\])*+'?"
RAW_SINGLE = r"'[^']*+'?"
DOUBLED = r"'(?:''|[^'])*+'?"
DOUBLED_DOUBLE = r'"(?:""|[^"])*+"?'
CHARACTER = r"'(?:\\.[^']{0,12}|[^'\\])'"
PRIMED = r"(?<![\w'])" + CHARACTER
"""A character where `'` may also end a name, as in `x'`."""
BEFORE_REGEX = r"[(,=:\[!&|?{};~]"
REGEX = (
    rf"/(?:(?<={BEFORE_REGEX}/)|(?<={BEFORE_REGEX} /)|(?<=return /)|(?<=\s\s/)|(?<![\s\S]/))"
    r"(?![*/\s])(?:\\.|\[(?:\\.|[^\]\\])*+\]?|[^/\\\[])*+/?"
)
"""A division follows what has a value, a regular expression does not."""
PERL_PAIR = r"(?<![\w$@%&>-])(?:s|tr|y)(?:{})".format(
    "|".join(rf"{sign}(?:\\.|[^{sign}\\])*+{sign}(?:\\.|[^{sign}\\])*+{sign}" for sign in "/|!#")
)
DOCS = r"[rRbBfFuUtT]{0,2}(?:\"\"\"|''')"


@dataclass(frozen=True, slots=True)
class Block:
    """A pair of block comment signs; a gutter `*` is stripped inside `/* */` alone."""

    opener: str
    closer: str
    nests: bool = False
    column: bool = False
    """Counts in column 0 only."""
    alone: bool = False
    """Its signs count on lines of their own only."""
    banned: str = ""
    """What must not stand inside it."""
    tail: str = ""
    """What belongs to the closer where it follows."""
    unless: str = ""
    """A pattern that makes the opener none where it follows."""


@dataclass(frozen=True, slots=True)
class Long:
    """What may run over lines and holds no comments of the language around it: a string, or a region of its own."""

    opener: str
    """A pattern; its group, if any, is what the closer repeats."""
    closer: str = ""
    """A pattern; its group, if any, must be what the opener said."""
    escape: str = ""
    """A pattern of what is read over inside."""
    hole: "Long | None" = None
    """Code inside of the string."""
    inside: str = ""
    """The row that the region is read with."""
    nest: str = ""
    """A pattern that a closer less takes away again."""
    later: bool = False
    """Begins on the next line."""
    mirrored: bool = False
    """Ends at the mirrored sign of what the opener said, and nests where that is a bracket."""
    whole: str = ""
    """A pattern of one that begins and ends on a line, which is read over at once."""
    hint: str = ""
    """A pattern that is quick to look for, and is in every line in which the opener is."""
    indented: bool = False
    """Ends before the first line that is not indented deeper than where it began."""


@dataclass(frozen=True, slots=True)
class Row:
    """One language: ids, file extensions, whole file names, and how it writes comments and strings."""

    id: str
    files: str = ""
    leaders: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    strings: tuple[str, ...] = ()
    longs: tuple[Long, ...] = ()
    docs: str = ""
    names: str = ""
    ids: tuple[str, ...] = ()
    unless: str = ""
    """A pattern that makes a leader none where it follows."""
    margin: str = r"[ \t\u00a0\ufeff]*"
    """A pattern of what may stand before a comment on a line with nothing else."""
    within: Long | None = None
    """The region that holds the language; what is around it carries nothing."""


def _text(quote: str, escape: str = r"\\.") -> Long:
    sign = quote.removeprefix("\\")
    whole = rf"{quote}(?:{escape}|[^{sign}\\])*+{quote}(?!{quote})" if len(sign) == 1 else ""
    return Long(quote, quote, escape, whole=whole)


def _wrapped(quote: str) -> Long:
    """A string of one line that a backslash takes to the next."""
    return Long(
        rf"{quote}(?:\\.|[^{quote}\\])*+\\$",
        quote,
        r"\\.",
        whole=rf"{quote}(?:\\.|[^{quote}\\])*+{quote}(?!{quote})",
        hint=r"\\$",
    )


C = Block("/*", "*/")
C_NESTED = Block("/*", "*/", nests=True)
JSX = Block("{/*", "*/", tail="}")
HTML = Block("<!--", "-->")
XML = Block("<!--", "-->", banned="--")
ML = Block("(*", "*)", nests=True)
QUOTES = (DOUBLE, SINGLE)
WRAPPED = (_wrapped('"'), _wrapped("'"))
TEXT = _text('"')
TEXT_SINGLE = _text("'")
TEXTS = (TEXT, TEXT_SINGLE)
TEXT_DOUBLED = _text("'", "''")
TRIPLE_DOUBLE = _text('"""')
TRIPLE = (TRIPLE_DOUBLE, _text("'''"))
RAW_TRIPLE = Long('"""', '"{3,}')
TICKS = Long("`", "`", whole="`[^`]*+`")
RAW_TEXT = Long("'", "'", whole="'[^']*+'")
SLASHES = ("//", "///")
SLASHES_BANG = ("//", "///", "//!")
SEMICOLONS = (";", ";;", ";;;", ";;;;")
OPERATOR = r"[!#$%&*+./<=>?@\\^|~:]"
TEMPLATE = Long(
    "`",
    "`",
    r"\\.",
    hole=Long(r"\$\{", r"\}", inside="script", nest=r"\{"),
    whole=r"`(?:\\.|\$\{[^{}`'\"/]*+\}|\$(?!\{)|[^`\\$])*+`",
)
HEREDOC = (
    Long(r"(?<!<)<<[-~][ \t]*\\?['\"`]?(\w+)['\"`]?", r"^[ \t]*(\w+)$", later=True, hint="<<"),
    Long(r"(?<![<\w])<<(?:['\"`]|(?=[A-Z_]))(\w+)['\"`]?", r"^(\w+)$", later=True, hint="<<"),
)
SHELL_HEREDOC = (
    HEREDOC[0],
    Long(r"(?<![<\d])<<(?!<)[ \t]*\\?['\"]?([A-Za-z_]\w*)['\"]?(?!\w|[ \t]*\)\))", r"^(\w+)$", later=True, hint="<<"),
)
INDENTED_HEREDOC = Long(r"(?<!<)<<-?(['\"]?\w+['\"]?)", r"^[ \t]*(\w+)[ \t]*$", later=True, hint="<<")
PERCENT = Long(r"(?<![\w)\]])%[qQwWiIrsx]?([(\[{<|!/^])", mirrored=True)
REST = Long(r"^__(?:END|DATA)__$", r"(?!)")
TAG = Long(r"</?[A-Za-z]", r">", inside="tag")
SCRIPT = r"<(?i:script)\b[^>]*+(?:(?<!/)>|$)"
STYLE = r"<(?i:style)\b[^>]*+(?:(?<!/)>|$)"
SCRIPT_END, STYLE_END = r"</(?i:script)\s*>", r"</(?i:style)\s*>"
OPAQUE = (Long(SCRIPT, SCRIPT_END), Long(STYLE, STYLE_END))
REGIONS = (Long(SCRIPT, SCRIPT_END, inside="script"), Long(STYLE, STYLE_END, inside="css"))
SCALAR = Long(r"[:?-][ ]++(?:[!&]\S*+[ ]++)*+[|>][-+\d]{0,2}[ \t]*+(?:#.*)?$", indented=True, hint="[|>]")
VALUE = r"(?:^[ ]*+|[:?-][ ]++|[\[{][ ]*+)"
YAML_TEXT = (Long(VALUE + '"', '"', r"\\.", hint='"'), Long(VALUE + "'", "'", "''", hint="'"))

# fmt: off
ROWS = (
    Row("python", "py pyi pyx pxd", ("#",), strings=QUOTES, longs=(*TRIPLE, *WRAPPED), docs=DOCS, ids=("cython",)),
    Row("starlark", "bzl", ("#",), strings=QUOTES, longs=(*TRIPLE, *WRAPPED), docs=DOCS, names="BUILD WORKSPACE",
        ids=("bazel", "bzl")),
    Row("javascript", "js mjs cjs jsx", ("//",), (C, JSX), (*QUOTES, REGEX), (TEMPLATE, *WRAPPED),
        ids=("javascriptreact", "javascript.jsx")),
    Row("typescript", "ts mts cts tsx", SLASHES, (C, JSX), (*QUOTES, REGEX), (TEMPLATE, *WRAPPED),
        ids=("typescriptreact", "typescript.tsx")),
    Row("java", "java", SLASHES, (C,), (DOUBLE, CHARACTER), (TRIPLE_DOUBLE,)),
    Row("kotlin", "kt kts scala sc", ("//",), (C_NESTED,), (DOUBLE, CHARACTER), (RAW_TRIPLE,), ids=("scala",)),
    Row("groovy", "groovy gradle", ("//",), (C,), QUOTES, TRIPLE, names="Jenkinsfile", ids=("jenkinsfile",)),
    Row("c", "c h mm", SLASHES_BANG, (C,), (DOUBLE, CHARACTER), (_wrapped('"'),),
        ids=("objective-c", "objective-cpp", "objc", "objcpp")),
    Row("cpp", "cc cpp cxx hpp hh cu cuh", SLASHES_BANG, (C,), (DOUBLE, CHARACTER),
        (Long(r'R"([^()\\\s"]{0,16})\(', r'\)([^()\\\s"]{0,16})"'), _wrapped('"')), ids=("cuda-cpp", "cuda")),
    Row("csharp", "cs csx", SLASHES, (C,), (DOUBLE, CHARACTER),
        (Long('("{3,})', '("{3,})'), Long(r'(?:\$@|@\$?)"', '"', '""')), ids=("cs",)),
    Row("fsharp", "fs fsi fsx", SLASHES, (Block("(*", "*)", nests=True, unless=r"\)"),), (PRIMED,),
        (Long('"""', '"""'), Long(r'\$?@\$?"', '"', '""'), TEXT)),
    Row("vb", "vb bas", ("'", "REM"), strings=(DOUBLED_DOUBLE,), ids=("vba",)),
    Row("go", "go", ("//",), (C,), (DOUBLE, CHARACTER), (TICKS,)),
    Row("rust", "rs", SLASHES_BANG, (C_NESTED,), (CHARACTER,), (Long(r'\b[bc]?r(#*+)"', r'"(#*+)'), TEXT)),
    Row("swift", "swift", SLASHES, (C_NESTED,), (DOUBLE,),
        (Long(r'(#++)"(?:"")?', r'"(?:"")?(#++)'), TRIPLE_DOUBLE)),
    Row("dart", "dart", SLASHES, (C_NESTED,), (r'\br"[^"]*+"?', r"\br'[^']*+'?", *QUOTES), TRIPLE),
    Row("d", "d", SLASHES, (C, Block("/+", "+/", nests=True)), (CHARACTER,),
        (Long(r'\bq"[(\[{<]', r'[)\]}>]"'), Long(r"\bq(\{)", mirrored=True), Long(r'\br"', '"'), TICKS, TEXT)),
    Row("zig", "zig", SLASHES_BANG, strings=(DOUBLE, CHARACTER, r"\\\\.*")),
    Row("php", "php", ("//", "#"), (C,), longs=(
        Long(r"<<<[ \t]*+['\"]?(\w+)['\"]?$", r"^[ \t]*+(\w+)", later=True), *TEXTS),
        within=Long(r"<\?(?:php\b|=)", r"\?>")),
    Row("ruby", "rb rake gemspec", ("#",), (Block("=begin", "=end", column=True),), (r"\?\\?['\"`#](?!\w)", REGEX),
        (PERCENT, *HEREDOC, REST, *TEXTS), names="Rakefile Gemfile"),
    Row("crystal", "cr", ("#",), strings=(CHARACTER, REGEX), longs=(PERCENT, *HEREDOC, TEXT)),
    Row("perl", "pl pm t", ("#",), strings=(r"\\['\"`#]|\$['\"#;&]", PERL_PAIR, REGEX), longs=(
        Long(r"^=[A-Za-z]", r"^=cut\b"), REST,
        Long(r"(?<![\w$@%&>-])(?:q[qwrx]?|m)[ \t]*+([^\w\s,;=)>#])", mirrored=True), *HEREDOC, *TEXTS)),
    Row("shellscript", "sh bash zsh ksh", ("#",), strings=(r"\\.",), longs=(
        *SHELL_HEREDOC, Long(r"\$'", "'", r"\\."), TEXT, RAW_TEXT), ids=("bash", "sh", "zsh", "ksh")),
    Row("fish", "fish", ("#",), strings=(r"\\.",), longs=TEXTS),
    Row("powershell", "ps1 psm1 psd1", ("#",), (Block("<#", "#>"),), ("`.",), (
        Long(r'@(["\'])$', r'^(["\'])@'), _text('"', '`.|""'), TEXT_DOUBLED), ids=("ps1",)),
    Row("bat", "bat cmd", ("REM", "::"), ids=("dosbatch",)),
    Row("tcl", "awk tcl", ("#",), strings=QUOTES, names="justfile Justfile Earthfile",
        ids=("awk", "just", "earthfile")),
    Row("sql", "sql ddl", ("--",), (C,), (r'"[^"]*+"?',), (
        Long(r"(\$(?:[A-Za-z_]\w*+)?\$)", r"(?=(\$\w*+\$))\$"), TEXT_DOUBLED), ids=("mysql", "plsql")),
    Row("lua", "lua", ("--",), (Block("--[[", "]]"), Block("--[=[", "]=]")), QUOTES, (
        Long(r"\[(=*+)\[", r"\](?=(=*+)\])"), *WRAPPED)),
    Row("haskell", "hs", ("--",), (Block("{-", "-}", nests=True),), (DOUBLE, PRIMED), (_wrapped('"'),),
        unless=OPERATOR),
    Row("elm", "elm", ("--",), (Block("{-", "-}", nests=True),), (DOUBLE, PRIMED), (TRIPLE_DOUBLE,)),
    Row("ada", "adb ads", ("--",), strings=(DOUBLED_DOUBLE,)),
    Row("vhdl", "vhd vhdl", ("--",), (C,), (PRIMED, DOUBLED_DOUBLE)),
    Row("verilog", "v sv svh glsl vert frag comp hlsl", ("//",), (C,), (DOUBLE,),
        ids=("systemverilog", "glsl", "hlsl")),
    Row("wgsl", "wgsl", ("//",), (C_NESTED,), (DOUBLE,)),
    Row("ocaml", "ml mli sml sig", blocks=(ML,), strings=(PRIMED,), longs=(
        Long(r"\{([a-z_]*+)\|", r"\|([a-z_]*+)\}"), TEXT), ids=("ocaml.interface", "sml")),
    Row("pascal", "pas dpr", ("//",), (Block("{", "}"), Block("(*", "*)")), (DOUBLED,),
        ids=("delphi", "objectpascal")),
    Row("erlang", "erl hrl", ("%", "%%", "%%%"), strings=(r"\$\\?.",), longs=(TRIPLE_DOUBLE, *TEXTS)),
    Row("elixir", "ex exs", ("#",), strings=(r"\?\\?['\"#](?!\w)",), longs=(
        Long(r'~[A-Za-z]++("""|\'\'\')', '("""|\'\'\')'), Long(r"~[A-Za-z]++([(\[{<|/\"'])", mirrored=True),
        *TRIPLE, *TEXTS), docs=r'@(?:doc|moduledoc|typedoc)[ \t]+(?:~[sS])?(?:"""|\'\'\')'),
    Row("gleam", "gleam", ("//", "///", "////"), longs=(TEXT,)),
    Row("clojure", "clj cljs cljc edn", SEMICOLONS[:3], strings=(r"\\.",), longs=(TEXT,), ids=("edn",)),
    Row("lisp", "lisp lsp", SEMICOLONS, (Block("#|", "|#", nests=True),), (r"#\\.",), (TEXT, _text(r"\|")),
        ids=("commonlisp",)),
    Row("scheme", "scm ss rkt", SEMICOLONS, (Block("#|", "|#", nests=True),), (r"#\\.",), (TEXT,), ids=("racket",)),
    Row("emacs-lisp", "el", SEMICOLONS, strings=(r"\?\\?[\"';]",), longs=(TEXT,), ids=("elisp",)),
    Row("latex", "tex sty cls", ("%",), strings=(r"\\.",), ids=("tex", "plaintex")),
    Row("matlab", "", ("%",), (Block("%{", "%}", alone=True),), (r"(?<![\w)\]}.'])" + DOUBLED, DOUBLED_DOUBLE),
        ids=("octave",)),
    Row("r", "r rprofile", ("#", "#'"), longs=(
        Long(r'\b[rR]"(-*+)[(\[{]', r'[)\]}](-*+)"'), Long(r"\b[rR]'(-*+)[(\[{]", r"[)\]}](-*+)'"), *TEXTS),
        names="Rprofile"),
    Row("julia", "jl", ("#",), (Block("#=", "=#", nests=True),), (PRIMED,), (TRIPLE_DOUBLE, TEXT), docs='"""'),
    Row("fortran", "f90 f95 f03 f08", ("!",), strings=(DOUBLED, DOUBLED_DOUBLE),
        ids=("fortran-modern", "FortranFreeForm", "fortran_modern")),
    Row("nim", "nim nims", ("#", "##"), (Block("#[", "]#", nests=True),), (
        r'\b[rR]"(?:""|[^"])*+"?', DOUBLE, CHARACTER), (RAW_TRIPLE,)),
    Row("vim", "vim vimrc", ('"', "#"), names="vimrc", ids=("viml",)),
    Row("asm", "s asm", (";", "#", "//"), (C,), (DOUBLE,), ids=("nasm", "gas")),
    Row("html", "html htm xhtml", blocks=(HTML,), longs=(*OPAQUE, TAG)),
    Row("vue", "vue svelte", blocks=(HTML,), longs=(*REGIONS, TAG), ids=("svelte",)),
    Row("astro", "astro", blocks=(HTML,), longs=(
        *REGIONS, TAG, Long(r"^---[ \t]*+$", r"^---[ \t]*+$", inside="script"))),
    Row("xml", "xml svg xaml csproj xsd plist", blocks=(XML,), longs=(Long(r"<!\[CDATA\[", r"\]\]>"), TAG),
        ids=("xsl", "svg")),
    Row("jinja", "j2 jinja twig", blocks=(Block("{#", "#}"), HTML), ids=("twig", "jinja-html", "htmldjango")),
    Row("css", "css", blocks=(C,), strings=QUOTES, longs=WRAPPED),
    Row("scss", "scss less", ("//",), (C,), QUOTES, WRAPPED, ids=("less",)),
    Row("yaml", "yml yaml", ("#",), strings=QUOTES, longs=(SCALAR, *YAML_TEXT),
        ids=("dockercompose", "yaml.docker-compose", "helm")),
    Row("toml", "toml", ("#",), strings=(DOUBLE, RAW_SINGLE), longs=(TRIPLE_DOUBLE, Long("'''", "'''"))),
    Row("ini", "ini cfg conf properties env gitignore", ("#", ";"),
        ids=("properties", "ignore", "gitignore", "conf", "dosini", "dotenv")),
    Row("jsonc", "jsonc json5", ("//",), (C,), (DOUBLE,), names="tsconfig.json", ids=("json5",)),
    Row("json", "json"),
    Row("dockerfile", "dockerfile", ("#",), strings=QUOTES, longs=SHELL_HEREDOC, names="Dockerfile Containerfile"),
    Row("makefile", "mk", ("#",), names="Makefile makefile GNUmakefile", margin=r"\ufeff?[ ]*", ids=("make",)),
    Row("cmake", "cmake", ("#",), (Block("#[[", "]]"), Block("#[=[", "]=]")), (r"\\.",), (
        Long(r"\[(=*+)\[", r"\](?=(=*+)\])"), TEXT), names="CMakeLists.txt"),
    Row("terraform", "tf hcl tfvars", ("#", "//"), (C,), (DOUBLE,), (INDENTED_HEREDOC,),
        ids=("hcl", "terraform-vars")),
    Row("nix", "nix", ("#",), (C,), longs=(Long("''", "''", r"''[$'\\]"), TEXT)),
    Row("graphql", "graphql gql", ("#",), strings=(DOUBLE,), longs=(TRIPLE_DOUBLE,), docs='"""'),
    Row("proto", "proto sol", SLASHES, (C,), QUOTES, ids=("proto3", "solidity")),
    Row("thrift", "thrift", (*SLASHES, "#"), (C,), QUOTES),
    Row("markdown", "md markdown mdx", ids=("mdx", "markdown.mdx")),
)
# fmt: on
"""Every language that is known."""

PARTS = (
    Row("tag", longs=(Long('"', '"'), Long("'", "'"))),
    Row("script", leaders=("//",), blocks=(C,), strings=(*QUOTES, REGEX), longs=(TEMPLATE, *WRAPPED)),
)
"""What other rows are made of."""

UNKNOWN = Row("unknown", "", ("#", "//", "--", ";", "%"), (C, HTML))
"""The line rule alone, with the leaders that most languages use."""
