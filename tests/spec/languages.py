"""The language table as its reference has it, written down once more: what carries a spec in which files.

`.x` is an extension, another word a whole name, `.m:id` an extension in a language that the editor names.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One row: the id, the files, and the signs that carry a spec; of a pair the opener and the closer."""

    id: str
    files: str
    leaders: str = ""
    blocks: tuple[str, ...] = ()

    @property
    def names(self) -> list[tuple[str, str | None]]:
        """A file of each extension or name, and the id that an editor gives it."""
        found = (file.partition(":") for file in self.files.split())
        return [(f"a{name}" if name.startswith(".") else name, given or None) for name, _, given in found]


C = ("/* */",)
DOCS = ('""" """', "''' '''")
XML = ("<!-- -->",)
LISP = "; ;; ;;; ;;;;"
LANGUAGES = (
    Language("python", ".py .pyi .pyx .pxd .x:cython", "#", DOCS),
    Language("starlark", ".bzl BUILD WORKSPACE", "#", DOCS),
    Language("javascript", ".js .mjs .cjs .jsx", "//", (*C, "{/* */}")),
    Language("typescript", ".ts .mts .cts .tsx", "// ///", (*C, "{/* */}")),
    Language("java", ".java", "// ///", C),
    Language("kotlin", ".kt .kts .scala .sc", "//", C),
    Language("groovy", ".groovy .gradle Jenkinsfile", "//", C),
    Language("c", ".c .h .m:objective-c .mm", "// /// //!", C),
    Language("cpp", ".cc .cpp .cxx .hpp .hh .cu .cuh", "// /// //!", C),
    Language("csharp", ".cs .csx", "// ///", C),
    Language("fsharp", ".fs .fsi .fsx", "// ///", ("(* *)",)),
    Language("vb", ".vb .bas", "' REM"),
    Language("go", ".go", "//", C),
    Language("rust", ".rs", "// /// //!", C),
    Language("swift", ".swift", "// ///", C),
    Language("dart", ".dart", "// ///", C),
    Language("d", ".d", "// ///", (*C, "/+ +/")),
    Language("zig", ".zig", "// /// //!"),
    Language("php", ".php", "// #", C),
    Language("ruby", ".rb .rake .gemspec Rakefile Gemfile", "#", ("=begin =end",)),
    Language("crystal", ".cr", "#"),
    Language("perl", ".pl .pm .t", "#"),
    Language("shellscript", ".sh .bash .zsh .ksh", "#"),
    Language("fish", ".fish", "#"),
    Language("powershell", ".ps1 .psm1 .psd1", "#", ("<# #>",)),
    Language("bat", ".bat .cmd", "REM ::"),
    Language("tcl", ".awk .tcl justfile Justfile Earthfile", "#"),
    Language("sql", ".sql .ddl", "--", C),
    Language("lua", ".lua", "--", ("--[[ ]]", "--[=[ ]=]")),
    Language("haskell", ".hs", "--", ("{- -}",)),
    Language("elm", ".elm", "--", ("{- -}",)),
    Language("ada", ".adb .ads", "--"),
    Language("vhdl", ".vhd .vhdl", "--", C),
    Language("verilog", ".v .sv .svh .glsl .vert .frag .comp .hlsl", "//", C),
    Language("wgsl", ".wgsl", "//", C),
    Language("ocaml", ".ml .mli .sml .sig", "", ("(* *)",)),
    Language("pascal", ".pas .dpr", "//", ("{ }", "(* *)")),
    Language("erlang", ".erl .hrl", "% %% %%%"),
    Language("elixir", ".ex .exs", "#", ('@doc """ """', '@moduledoc """ """', '@typedoc """ """')),
    Language("gleam", ".gleam", "// /// ////"),
    Language("clojure", ".clj .cljs .cljc .edn", "; ;; ;;;"),
    Language("lisp", ".lisp .lsp", LISP, ("#| |#",)),
    Language("scheme", ".scm .ss .rkt", LISP, ("#| |#",)),
    Language("emacs-lisp", ".el", LISP),
    Language("latex", ".tex .sty .cls", "%"),
    Language("matlab", ".m:matlab .m:octave", "%", ("%{ %}",)),
    Language("r", ".r .R Rprofile .Rprofile", "# #'"),
    Language("julia", ".jl", "#", ("#= =#", '""" """')),
    Language("fortran", ".f90 .f95 .f03 .f08", "!"),
    Language("nim", ".nim .nims", "# ##", ("#[ ]#",)),
    Language("vim", ".vim vimrc .vimrc", '" #'),
    Language("asm", ".s .S .asm", "; # //", C),
    Language("html", ".html .htm .xhtml", "", XML),
    Language("vue", ".vue .svelte", "//", (*XML, *C)),
    Language("astro", ".astro", "//", (*XML, *C)),
    Language("xml", ".xml .svg .xaml .csproj .xsd .plist", "", XML),
    Language("jinja", ".j2 .jinja .twig", "", ("{# #}", *XML)),
    Language("css", ".css", "", C),
    Language("scss", ".scss .less", "//", C),
    Language("yaml", ".yml .yaml", "#"),
    Language("toml", ".toml", "#"),
    Language("ini", ".ini .cfg .conf .properties .env .gitignore", "# ;"),
    Language("jsonc", ".jsonc .json5 tsconfig.json", "//", C),
    Language("json", ".json"),
    Language("dockerfile", "Dockerfile Containerfile .dockerfile", "#"),
    Language("makefile", "Makefile makefile GNUmakefile .mk", "#"),
    Language("cmake", "CMakeLists.txt .cmake", "#", ("#[[ ]]", "#[=[ ]=]")),
    Language("terraform", ".tf .hcl .tfvars", "# //", C),
    Language("nix", ".nix", "#", C),
    Language("graphql", ".graphql .gql", "#", ('""" """',)),
    Language("proto", ".proto .sol", "// ///", C),
    Language("thrift", ".thrift", "// /// #", C),
    Language("markdown", ".md .markdown .mdx"),
    Language("unknown", ".unheard a", "# // -- ; %", (*C, *XML)),
)
SCRIPT, STYLE = ("<script>\n", "</script>\n"), ("<style>\n", "</style>\n")
REGIONS = {"//": (SCRIPT,), "/* */": (SCRIPT, STYLE)}
WITHIN = {"php": {sign: (("<?php\n", "?>\n"),) for sign in ("//", "#", "/* */")}, "vue": REGIONS, "astro": REGIONS}
"""Where a sign counts in one region of the file alone: what stands around it."""
