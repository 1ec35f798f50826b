"""A file of 5,000 lines with 20 specs, parsed and linted whole, in each of the first-class languages."""

import re
from collections.abc import Iterator
from textwrap import dedent

from bench.figures import Report
from bench.stage import say
from bench.stats import p50, sampled
from specwright.config.settings import Lint
from specwright.spec.facts import Facts
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.lint import lint
from specwright.spec.parser import parse_lines

LINES, SPECS, MOST = 5_000, 20, 40.0
TIMES = 15
WORD = re.compile(r"\w+")
C_LIKE = dedent("""\
    {head} {{
        // The total of what is ordered, with "quotes" and 'signs' in it.
        {var} total = 0; /* in cents */
        for (int i = 0; i < count; i++) {{
            total += price[i] * amount[i];
            if (total > LIMIT && name != "none\\n") {{
                log("over: " + name, 'x');
            }}
        }}

        return total;
    }}

""")
SNIPPETS = {
    "a.py": '''\
        def total(prices: list[int], name: str = "none\\n") -> int:
            """The total of what is ordered."""
            found = 0  # in cents
            for number, price in enumerate(prices):
                found += price * 2
                if found > LIMIT and name != 'none':
                    log(f"over: {name}", "x")

            return found

        ''',
    "a.js": """\
        function total(prices, name) {
          // The total of what is ordered, in `cents`.
          let found = 0; /* nothing yet */
          for (const price of prices) {
            found += price * 2;
            if (found > LIMIT && name !== "none\\n") {
              log(`over: ${name} by ${found - LIMIT}`, 'x', /[/"']+/g);
            }
          }

          return found;
        }

        """,
    "a.ts": """\
        export function total(prices: readonly number[], name: string): number {
          // The total of what is ordered, in `cents`.
          let found = 0; /* nothing yet */
          for (const price of prices) {
            found += price * 2;
            if (found > LIMIT && name !== "none\\n") {
              log(`over: ${name} by ${found - LIMIT}`, 'x');
            }
          }

          return found;
        }

        """,
    "a.java": C_LIKE.format(head="public static int total(int[] price, int[] amount, String name)", var="int"),
    "a.c": C_LIKE.format(head="int total(const int *price, const int *amount, const char *name)", var="int"),
    "a.cpp": C_LIKE.format(head="auto total(std::span<int> price, std::string name) -> int", var="auto"),
    "a.cs": C_LIKE.format(head="public int Total(IReadOnlyList<int> price, string name)", var="var"),
    "a.go": """\
        func total(price []int, name string) int {
        \t// The total of what is ordered, in `cents`.
        \tfound := 0 /* nothing yet */
        \tfor _, each := range price {
        \t\tfound += each * 2
        \t\tif found > limit && name != "none\\n" {
        \t\t\tlog.Printf(`over: %s`, name, 'x')
        \t\t}
        \t}

        \treturn found
        }

        """,
    "a.rs": """\
        pub fn total<'a>(price: &'a [u32], name: &'a str) -> u32 {
            // The total of what is ordered, in "cents".
            let mut found = 0; /* nothing /* yet */ */
            for each in price {
                found += each * 2;
                if found > LIMIT && name != "none\\n" {
                    log!(r#"over: "{}""#, name, 'x', b'\\'');
                }
            }

            found
        }

        """,
    "a.kt": """\
        fun total(prices: List<Int>, name: String): Int {
            // The total of what is ordered.
            var found = 0 /* nothing yet */
            for (price in prices) {
                found += price * 2
                if (found > LIMIT && name != "none\\n") {
                    log("over: $name by ${found - LIMIT}", 'x')
                }
            }

            return found
        }

        """,
    "a.rb": """\
        def total(prices, name)
          # The total of what is ordered.
          found = 0
          prices.each do |price|
            found += price * 2
            if found > LIMIT && name != 'none'
              log "over: #{name} by #{found - LIMIT}", %w[x y], /["']/
            end
          end

          found
        end

        """,
    "a.php": """\
        function total(array $prices, string $name): int {
            // The total of what is ordered.
            $found = 0; # nothing yet
            foreach ($prices as $price) {
                $found += $price * 2; /* twice */
                if ($found > LIMIT && $name !== "none\\n") {
                    log("over: {$name} by $found", 'x');
                }
            }

            return $found;
        }

        """,
    "a.sh": """\
        total() {
          # The total of what is ordered.
          local found=0 name="${1:-none}"
          for price in "$@"; do
            found=$((found + price * 2))
            if [ "$found" -gt "$LIMIT" ] && [ "$name" != 'none' ]; then
              printf 'over: %s by %d\\n' "$name" "$((found - LIMIT))" >&2
            fi
          done

          echo "$found # not a comment"
        }

        """,
    "a.sql": """\
        -- The total of what is ordered.
        SELECT customer, sum(price * amount) AS total /* in cents */
        FROM orders
        JOIN prices ON prices.article = orders.article
        WHERE name <> 'none -- at all' AND note <> 'it''s'
          AND total > 0
        GROUP BY customer
        HAVING sum(price) > 100
        ORDER BY total DESC;

        """,
    "a.md": """\
        ## Totals of what is ordered

        The total is in cents; `name` is what is printed, and "none" is nothing.
        It is printed once per order.

        * one thing
        * another thing

        ```c
        int total = 0; // not a heading
        ```

        """,
}


async def parsing(quick: bool) -> Report:
    """The parse and all rules that need nothing but the text, beside one look for words in each line."""
    report = Report()
    for path, snippet in SNIPPETS.items():
        rows = _rows(path, dedent(snippet))
        language = language_of(path)
        say(f"{path}, {len(rows):,} lines, {len(parse_lines(rows, language)[0])} specs")

        def once(rows: list[str] = rows, path: str = path) -> None:
            specs, problems = parse_lines(rows, language_of(path))
            lint(specs, problems, rows, path, Facts(), Lint())

        took = sampled(once, 3 if quick else TIMES)
        floor = p50(sampled(lambda rows=rows: [WORD.findall(row) for row in rows], 3 if quick else TIMES))
        what = f"{LINES:,} lines of {language.id} with {SPECS} specs, parsed and linted, p50"
        report.add(what, p50(took), "ms", MOST, f"one `findall` of words in each line: {floor:.1f}")
        report.raw[f"parsing {path}"] = took
    return report


def _rows(path: str, snippet: str) -> list[str]:
    """About so many lines, with specs spread evenly."""
    head = "<?php\n" if path.endswith(".php") else ""
    code = split_lines(snippet)
    rows, made = split_lines(head), 0
    while len(rows) < LINES:
        if len(rows) >= made * LINES // SPECS:
            rows += _spec(path, made)
            made += 1
        rows += code
    return rows


def _spec(path: str, number: int) -> Iterator[str]:
    body = [
        f"spec! Improve part {number}",
        f"Callers of part {number} wait too long, so it answers from memory.",
        f"- [ ] part({number}) returns {number} twice, check: `make test-{number}`",
        "- error: raises an error with the input quoted when there is none",
        f"- not: other parts than {number}",
    ]
    if path.endswith(".md"):
        yield from (f"{line}\n" for line in (f"## {body[0]}", "", body[1], "", *body[2:], ""))
        return
    leader = {"py": "#", "rb": "#", "sh": "#", "sql": "--"}.get(path.partition(".")[2], "//")
    yield from (f"{leader} {line}\n" for line in body)
