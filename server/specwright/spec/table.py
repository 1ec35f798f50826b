"""The language table as data: one row per language. What it means is in docs/spec-language.md."""

from dataclasses import dataclass

DOUBLE = r'"(?:\\.|[^"\\])*"?'
SINGLE = r"'(?:\\.|[^'\\])*'?"
CHARACTER = r"'(?:\\[^']*|[^'\\])'"
REGEX = r"(?:^|(?<=[(,=:\[!&|?{};]))\s*/(?![*/\s])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[])+/"
DOCS = r"[rRbBfFuU]{0,2}(?:\"\"\"|''')"


@dataclass(frozen=True, slots=True)
class Block:
    """A pair of block comment signs; a gutter `*` is stripped inside `/* */` alone."""

    opener: str
    closer: str
    nests: bool = False
    column: bool = False
    """Counts in column 0 only."""
    banned: str = ""
    """What must not stand inside it."""


@dataclass(frozen=True, slots=True)
class Long:
    """A string that may run over lines: patterns of its opener and closer; `\\0` is the opener's first group."""

    opener: str
    closer: str


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


C = Block("/*", "*/")
C_NESTED = Block("/*", "*/", nests=True)
HTML = Block("<!--", "-->")
XML = Block("<!--", "-->", banned="--")
ML = Block("(*", "*)", nests=True)
TRIPLE = (Long('"""', '"""'), Long("'''", "'''"))
TRIPLE_DOUBLE = (Long('"""', '"""'),)
QUOTES = (DOUBLE, SINGLE)
SLASHES = ("//", "///")
SLASHES_BANG = ("//", "///", "//!")
DOUBLED = r"'(?:''|[^'])*'?"
TEMPLATE = (Long("`", r"(?<!\\)`"),)
HEREDOC = (Long(r"<<[-~]?(?P<quote>['\"]?)(?P<tag>[A-Z_]\w*)(?P=quote)", r"^\s*\0\s*$"),)

# fmt: off
ROWS = (
    Row("python", "py pyi pyx pxd", ("#",), strings=QUOTES, longs=TRIPLE, docs=DOCS, ids=("cython",)),
    Row("starlark", "bzl", ("#",), strings=QUOTES, longs=TRIPLE, docs=DOCS, names="BUILD WORKSPACE"),
    Row(
        "javascript", "js mjs cjs jsx", ("//",), (C, Block("{/*", "*/}")), (*QUOTES, REGEX), TEMPLATE,
        ids=("javascriptreact",),
    ),
    Row(
        "typescript", "ts mts cts tsx", SLASHES, (C, Block("{/*", "*/}")), (*QUOTES, REGEX), TEMPLATE,
        ids=("typescriptreact",),
    ),
    Row("java", "java", SLASHES, (C,), (DOUBLE, CHARACTER), TRIPLE_DOUBLE),
    Row("kotlin", "kt kts scala sc", ("//",), (C_NESTED,), (DOUBLE, CHARACTER), TRIPLE_DOUBLE, ids=("scala",)),
    Row("groovy", "groovy gradle", ("//",), (C,), QUOTES, TRIPLE, names="Jenkinsfile"),
    Row("c", "c h", SLASHES_BANG, (C,), (DOUBLE, CHARACTER), ids=("objective-c",)),
    Row(
        "cpp", "cc cpp cxx hpp hh cu cuh", SLASHES_BANG, (C,), (DOUBLE, CHARACTER),
        (Long(r'R"([^()\\\s]{0,16})\(', r'\)\0"'),), ids=("cuda-cpp", "objective-cpp"),
    ),
    Row("csharp", "cs csx", SLASHES, (C,), (DOUBLE, CHARACTER), (Long('"""', '"""'), Long(r'\$?@"', r'"(?!")'))),
    Row("fsharp", "fs fsi fsx", SLASHES, (ML,), (DOUBLE,), TRIPLE_DOUBLE),
    Row("vb", "vb bas", ("'", "REM"), strings=(r'"(?:""|[^"])*"?',)),
    Row("go", "go", ("//",), (C,), (DOUBLE, CHARACTER), (Long("`", "`"),)),
    Row("rust", "rs", SLASHES_BANG, (C_NESTED,), (DOUBLE, CHARACTER), (Long(r'r(#+)"', r'"\0'),)),
    Row("swift", "swift", SLASHES, (C_NESTED,), (DOUBLE,), TRIPLE_DOUBLE),
    Row("dart", "dart", SLASHES, (C_NESTED,), QUOTES, TRIPLE),
    Row("zig", "zig", SLASHES_BANG, strings=(DOUBLE, CHARACTER, r"\\\\.*")),
    Row("php", "php", ("//", "#"), (C,), QUOTES,
        (Long(r"<<<(?P<quote>['\"]?)(?P<tag>\w+)(?P=quote)", r"^\s*\0\s*;?\s*$"),)),
    Row("ruby", "rb rake gemspec", ("#",), (Block("=begin", "=end", column=True),), QUOTES, HEREDOC,
        names="Rakefile Gemfile"),
    Row("crystal", "cr", ("#",), strings=QUOTES, longs=HEREDOC),
    Row("perl", "pl pm t", ("#",), strings=QUOTES, longs=(*HEREDOC, Long(r"^=\w+", r"^=cut"))),
    Row("shellscript", "sh bash zsh ksh fish", ("#",), strings=QUOTES, longs=HEREDOC, ids=("fish", "bash")),
    Row("powershell", "ps1 psm1 psd1", ("#",), (Block("<#", "#>"),), QUOTES, (Long(r'@(["\'])$', r'^\0@'),)),
    Row("bat", "bat cmd", ("REM", "::")),
    Row("tcl", "awk tcl", ("#",), strings=(DOUBLE,), names="justfile Earthfile", ids=("awk", "just")),
    Row("sql", "sql ddl", ("--",), (C,), (r'"[^"]*"?',), (Long(r"(\$\w*\$)", r"\0"), Long("'", r"'(?!')"))),
    Row("lua", "lua", ("--",), (Block("--[[", "]]"), Block("--[=[", "]=]")), QUOTES, (Long(r"\[(=*)\[", r"\]\0\]"),)),
    Row("haskell", "hs elm", ("--",), (Block("{-", "-}", nests=True),), (DOUBLE, CHARACTER), ids=("elm",)),
    Row("ada", "adb ads vhd vhdl", ("--",), (C,), (r'"(?:""|[^"])*"?',), ids=("vhdl",)),
    Row("verilog", "v sv svh glsl vert frag comp hlsl wgsl", ("//",), (C,), (DOUBLE,),
        ids=("systemverilog", "glsl", "hlsl", "wgsl")),
    Row("ocaml", "ml mli sml sig", blocks=(ML,), strings=(DOUBLE,), longs=(Long(r"\{([a-z_]*)\|", r"\|\0\}"),)),
    Row("pascal", "pas dpr", ("//",), (Block("{", "}"), Block("(*", "*)")), (DOUBLED,)),
    Row("erlang", "erl hrl", ("%", "%%", "%%%"), strings=QUOTES, longs=TRIPLE_DOUBLE),
    Row("elixir", "ex exs", ("#",), strings=QUOTES, longs=TRIPLE_DOUBLE,
        docs=r'@(?:doc|moduledoc|typedoc)[ \t]+(?:~[sS])?"""'),
    Row("gleam", "gleam", ("//", "///", "////"), strings=(DOUBLE,)),
    Row("clojure", "clj cljs cljc edn", (";", ";;", ";;;"), strings=(DOUBLE,)),
    Row("lisp", "lisp lsp scm ss rkt", (";", ";;", ";;;", ";;;;"), (Block("#|", "|#", nests=True),), (DOUBLE,),
        ids=("commonlisp", "scheme", "racket")),
    Row("emacs-lisp", "el", (";", ";;", ";;;", ";;;;"), strings=(DOUBLE,)),
    Row("latex", "tex sty cls", ("%",), strings=(r"\\%",), ids=("tex",)),
    Row("matlab", "", ("%",), (Block("%{", "%}"),), (DOUBLED,), ids=("octave",)),
    Row("r", "r rprofile", ("#", "#'"), strings=QUOTES),
    Row("julia", "jl", ("#",), (Block("#=", "=#", nests=True),), (DOUBLE,), TRIPLE_DOUBLE, docs='"""'),
    Row("fortran", "f90 f95 f03 f08", ("!",), strings=(DOUBLED, r'"(?:""|[^"])*"?'), ids=("fortran-modern",)),
    Row("nim", "nim nims", ("#", "##"), (Block("#[", "]#", nests=True),), (DOUBLE, CHARACTER), TRIPLE_DOUBLE),
    Row("vim", "vim", ('"',), names=".vimrc vimrc", ids=("viml",)),
    Row("asm", "s asm", (";", "#", "//"), (C,), (DOUBLE,)),
    Row("html", "html htm xhtml", blocks=(HTML,)),
    Row("vue", "vue svelte astro", ("//",), (HTML, C), QUOTES, TEMPLATE, ids=("svelte", "astro")),
    Row("xml", "xml svg xaml csproj xsd plist", blocks=(XML,)),
    Row("jinja", "j2 jinja twig", blocks=(Block("{#", "#}"), HTML), ids=("twig",)),
    Row("css", "css", blocks=(C,), strings=QUOTES),
    Row("scss", "scss less", ("//",), (C,), QUOTES, ids=("less",)),
    Row("yaml", "yml yaml", ("#",), strings=QUOTES),
    Row("toml", "toml", ("#",), strings=QUOTES, longs=TRIPLE),
    Row("ini", "ini cfg conf properties env", ("#", ";"), names=".gitignore .env", ids=("properties", "ignore")),
    Row("jsonc", "jsonc json5", ("//",), (C,), (DOUBLE,), names="tsconfig.json"),
    Row("json", "json"),
    Row("dockerfile", "dockerfile", ("#",), strings=QUOTES, longs=HEREDOC, names="Dockerfile Containerfile"),
    Row("makefile", "mk", ("#",), names="Makefile GNUmakefile"),
    Row("cmake", "cmake", ("#",), (Block("#[[", "]]"), Block("#[=[", "]=]")), (DOUBLE,), names="CMakeLists.txt"),
    Row("terraform", "tf hcl tfvars", ("#", "//"), (C,), (DOUBLE,), HEREDOC, ids=("hcl",)),
    Row("nix", "nix", ("#",), (C,), (DOUBLE,), (Long("''", "''"),)),
    Row("graphql", "graphql gql", ("#",), strings=(DOUBLE,), longs=TRIPLE_DOUBLE, docs='"""'),
    Row("proto", "proto sol", SLASHES, (C,), QUOTES, ids=("proto3", "solidity")),
    Row("thrift", "thrift", ("//", "///", "#"), (C,), QUOTES),
    Row("markdown", "md markdown mdx", ids=("mdx",)),
)
# fmt: on
"""Every language that is known."""

UNKNOWN = Row("unknown", "", ("#", "//", "--", ";", "%"), (C, HTML))
"""The line rule alone, with the leaders that most languages use."""
