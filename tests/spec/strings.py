"""Strings of each language: `@@` stands for a comment with a marker, `%%` for what closes it."""

LINE = ('x = "@@ %%"', "x = '@@ %%'")
DOUBLE = ('x = "@@ %%"',)
OVER_DOUBLE = ('x = "\n@@ %%\n"', 'x = "a \\"\n@@ %%\n"')
OVER_SINGLE = ("x = '\n@@ %%\n'",)
TRIPLE = ('x = """\n@@ %%\n"""', 'x = """a" \n@@ %%\n"""')
TRIPLE_SINGLE = ("x = '''\n@@ %%\n'''",)
WRAPPED = ('x = "a \\\n@@ %%"',)
TICKS = ("x = `\n@@ %%\n`",)

SAMPLES: dict[str, tuple[str, ...]] = {
    "python": (*LINE, *TRIPLE, *TRIPLE_SINGLE, *WRAPPED, 'x = rb"""\n@@\n"""', 'x = f"@@"', 'x = "\\"" \'"\''),
    "starlark": (*LINE, *TRIPLE, *TRIPLE_SINGLE),
    "javascript": (*LINE, *TICKS, *WRAPPED, "x = `${a}\n@@ %%\n`", "x = /[`]/; y = `\n@@ %%\n`", "x = `\\`\n@@ %%\n`"),
    "typescript": (*LINE, *TICKS, *WRAPPED, "x = `${`${1}`}\n@@ %%\n`", "f(/'/, `\n@@ %%\n`)"),
    "java": (*DOUBLE, *TRIPLE, "c = '\"';", 'x = """\n\\"""\n@@ %%\n"""'),
    "kotlin": (*DOUBLE, *TRIPLE, "c = '\"'", 'x = """\n\\\n@@ %%\n""""'),
    "groovy": (*LINE, *TRIPLE, *TRIPLE_SINGLE),
    "c": (*DOUBLE, *WRAPPED, "c = '\"';", 'x = @"@@ %%";'),
    "cpp": (*DOUBLE, 'x = R"(\n@@ %%\n)";', 'x = R"d(\n)"\n@@ %%\n)d";', "c = '\\'';"),
    "csharp": (*DOUBLE, 'x = @"\n@@ %%""\n@@ %%";', 'x = $@"\\\n@@ %%";', *TRIPLE, 'x = """"\n"""\n@@ %%\n"""";', "'\"'"),
    "fsharp": (*OVER_DOUBLE, *TRIPLE, 'x = @"\\\n@@ %%""\n"', "c = '\"'"),
    "vb": ('x = "@@"', 'x = "a"" @@"'),
    "go": (*DOUBLE, *TICKS, "c = '\"'", "c = '`'"),
    "rust": (*OVER_DOUBLE, 'x = r#"\n"\n@@ %%\n"#;', 'x = br"\\";', 'x = r##"\n"#\n@@ %%\n"##;', "c = b'\"';"),
    "swift": (*DOUBLE, *TRIPLE, 'x = #"@@ %% "a""#', 'x = #"""\n"""\n@@ %%\n"""#'),
    "dart": (*LINE, *TRIPLE, *TRIPLE_SINGLE, "x = r'\\'; y = \"\"\"\n@@ %%\n\"\"\""),
    "d": (*OVER_DOUBLE, *TICKS, 'x = r"\\";', 'x = q"(\n(a)\n@@ %%\n)";', "x = q{\n@@ %%\n};", "c = '\"';"),
    "zig": (*DOUBLE, "x =\n    \\\\ @@\n;", "c = '\"';"),
    "php": (*OVER_DOUBLE, *OVER_SINGLE, "x = <<<EOT\n@@ %%\nEOT;", "x = <<<'A'\n@@ %%\n  A, 1;"),
    "ruby": (*OVER_DOUBLE, *OVER_SINGLE, "x = %q(\n(a)\n@@\n)", "x = %w[\n@@\n]", "x = <<~SQL\n@@\n  SQL", "c = ?\"",
             "x = <<-'A'\n@@\n  A", "x = <<A\n@@\nA", "x =~ /\"/"),
    "crystal": (*OVER_DOUBLE, "x = %(\n@@\n)", "x = <<-A\n@@\n  A", "c = '\"'"),
    "perl": (*OVER_DOUBLE, *OVER_SINGLE, "x = q(\n@@\n)", "x = qq{\n{}\n@@\n}", "x = <<A;\n@@\nA", "x = <<~'A';\n@@\n  A",
             "s/\"/'/;", "m{\n@@\n}", "$x =~ /\"/;", "$#x; $'"),
    "shellscript": (*OVER_DOUBLE, "x='\\\n@@\n'", "x=$'\\'\n@@\n'", "cat <<EOF\n@@\nEOF", "cat<<eof\n@@\neof", "x=${#a}"),
    "fish": (*OVER_DOUBLE, "x '\\'\n@@\n'"),
    "powershell": ('x = "`"\n@@ %%\n"', 'x = @"\n"\n@@ %%\n"@', "x = @'\n'\n@@ %%\n'@", "x = 'a''\n@@ %%\n'"),
    "tcl": LINE,
    "sql": ("x = '\n@@ %%\n'", "x = 'a''\n@@ %%\n'", 'x = "@@ %%"', "x = $$\n@@ %%\n$$", "x = $a$\n$$\n@@ %%\n$a$"),
    "lua": (*LINE, *WRAPPED, "x = [[\n@@ %%\n]]" , "x = [=[\n]]\n@@\n]=]"),
    "haskell": (*DOUBLE, "f' = g' '\"'"),
    "elm": (*DOUBLE, *TRIPLE, "c = '\"'"),
    "ada": ('x := "@@";', 'x := "a"" @@";'),
    "vhdl": ('x <= "@@ %%";', "c <= '\"';"),
    "verilog": DOUBLE,
    "wgsl": DOUBLE,
    "ocaml": (*OVER_DOUBLE, "x = {|\n@@ %%\n|}", "x = {a|\n|}\n@@ %%\n|a}", "c = '\"'"),
    "pascal": ("x := '@@ %%';", "x := 'a'' @@ %%';"),
    "erlang": (*OVER_DOUBLE, *OVER_SINGLE, *TRIPLE, "C = $\"."),
    "elixir": (*OVER_DOUBLE, *TRIPLE, "x = ~s(\n@@\n)", "x = ~S{\n@@\n}", "x = ~r/\"/", 'x = ~S"""\n@@\n"""'),
    "gleam": OVER_DOUBLE,
    "clojure": OVER_DOUBLE,
    "lisp": (*OVER_DOUBLE, "x |\n@@\n|"),
    "scheme": OVER_DOUBLE,
    "emacs-lisp": (*OVER_DOUBLE, 'x ?"'),
    "matlab": ("x = '@@';", "x = 'a'' @@';", 'x = "@@";'),
    "r": (*OVER_DOUBLE, *OVER_SINGLE, 'x <- r"(\n"\n@@\n)"', 'x <- R"--[\n]"\n@@\n]--"'),
    "julia": (*OVER_DOUBLE, *TRIPLE, "c = '\"'", "y = x'"),
    "fortran": ("x = '@@'", 'x = "a"" @@"'),
    "nim": (*DOUBLE, *TRIPLE, 'x = r"\\"', "c = '\"'"),
    "asm": DOUBLE,
    "html": ('<a b="\n@@ %%\n">', "<a b='\n@@ %%\n'>", "<script>\n@@ %%\n</script>", '<script\n  src="x">\n</script>'),
    "vue": ('<a b="\n@@ %%\n">', "<script>\nx = `\n@@ %%\n`\n</script>"),
    "astro": ('<a b="\n@@ %%\n">',),
    "xml": ('<a b="\n@@ %%\n"/>', "<![CDATA[\n@@ %%\n]]>"),
    "css": (*LINE, *WRAPPED),
    "scss": (*LINE, *WRAPPED),
    "yaml": ('x: "@@"', "x: 'a'' @@'", 'x: "\n@@\n"', "x: '\n  @@\n  '", "x: |\n  @@", "x: &a >-\n  @@", "- x: |2\n    @@"),
    "toml": (*LINE, *TRIPLE, *TRIPLE_SINGLE, "x = '\\'"),
    "jsonc": ('{"x": "@@ %%"}',),
    "dockerfile": (*LINE, "RUN <<EOF\n@@\nEOF", "COPY <<-'A' /x\n@@\n\tA"),
    "cmake": (*OVER_DOUBLE, "x([[\n@@ \n]]\n)" , "x([=[\n]]\n@@\n]=])"),
    "terraform": (*DOUBLE, "x = <<EOF\n@@ %%\nEOF", "x = <<-EOF\n@@ %%\n  EOF"),
    "nix": (*OVER_DOUBLE, "x = ''\n'''\n@@ %%\n'';", "x = ''\n''${a}\n@@ %%\n'';"),
    "graphql": (*DOUBLE, 'x(a: """\n@@\n""")'),
    "proto": LINE,
    "thrift": LINE,
}  # fmt: skip

BEHIND: dict[str, str] = {}
"""What must stand before a comment that follows a sample."""
