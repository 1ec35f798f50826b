// A small real git repository in a temporary folder, with the scripted agent, and a home of its own beside it.

import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PROGRAM = process.env.SPECWRIGHT ?? resolve(import.meta.dirname, "../../../.venv/bin/specwright");

const FILES = {
  "clock/greeting.py": `"""What to say at which time of day."""


def greet(hour: int) -> str:
    return "Hello"


def part(hour: int) -> str:
    """Whether it is morning."""
    return "morning" if hour < 12 else "day"


def farewell(hour: int) -> str:
    return "Bye"
`,
  "clock/durations.py": `"""Durations as people write them."""


# spec! Read durations
# - [ ] "2m" is 120, check: \`grep -q 60 clock/durations.py\`
def read(text: str) -> int:
    return int(text)


def is_long(seconds: int) -> bool:
    """Whether somebody would call it long."""
    return seconds > 3600


# spec! Write durations
# - [ ] 120 is "2m", check: \`grep -q divmod clock/durations.py\`
def write(seconds: int) -> str:
    return str(seconds)


def unit() -> str:
    return "s"
`,
  "clock/weekday.py": `"""Days of the week."""


# spec! First day of the week
# - [ ] the day on which a week begins, check: \`grep -q Monday clock/weekday.py\`
def first_day() -> str:
    raise NotImplementedError


# spec! Wait for a new year
# - [ ] somebody waited
def wait() -> None:
    raise NotImplementedError
`,
  "specwright.toml": `agent = "scripted"

[agents.scripted]
script = "script.json"

[gates.quiet]
command = "sh checks/quiet.sh"
`,
  "checks/quiet.sh": "! grep -rn 'print(' clock\n",
  "script.json": JSON.stringify(
    {
      "Greet by the hour": [
        [
          edit("clock/greeting.py", 'return "Hello"', 'return f"Good {part(hour)}"'),
          edit("clock/greeting.py", 'return "Bye"', 'return "Good night" if hour > 20 else "Goodbye"'),
        ],
      ],
      "Read durations": [
        [
          edit("clock/durations.py", "return int(text)", "return int(text[:-1]) * 60"),
          edit("clock/durations.py", "return seconds > 3600", "return seconds > 60 * 60"),
        ],
      ],
      "Write durations": [
        [edit("clock/durations.py", "return str(seconds)", 'return "{}m{}s".format(*divmod(seconds, 60))')],
        [edit("clock/durations.py", 'return "s"', 'return "seconds"')],
      ],
      "First day of the week": [
        [{ tool: "finish", input: { summary: "A question.", blocked: "Monday or Sunday?" } }],
        [edit("clock/weekday.py", "    raise NotImplementedError\n\n\n# spec! Wait", '    return "Monday"\n\n\n# spec! Wait')],
      ],
      "Wait for a new year": [[{ say: "It takes a while." }, { sleep: 3600 }]],
    },
    null,
    1,
  ),
};

function edit(path, old, text) {
  return { tool: "edit", input: { path, old, new: text } };
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * The repository, committed and trusted. `specwright` runs the program in it; `remove` stops the daemon and takes all away.
 * `wrap` gives the text of a program that the editor starts instead, from the path of the real one.
 */
export async function makeProject(wrap) {
  const scratch = mkdtempSync(join(tmpdir(), "specwright-e2e-"));
  const folder = join(scratch, "clock");
  const home = join(scratch, "home");
  for (const [path, text] of Object.entries(FILES)) {
    write(join(folder, path), text);
  }
  write(join(scratch, ".gitconfig"), "[user]\n\tname = Tester\n\temail = tester@example.org\n");

  const foreign = /^(GIT_|ANTHROPIC_|XDG_|SPECWRIGHT_|VSCODE_)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  // A login shell's search path, since that is what the workbench gives to its extensions: consent holds for what it leads to.
  const own = { HOME: scratch, SPECWRIGHT_HOME: home, GIT_CONFIG_SYSTEM: "/dev/null", PATH: "/usr/local/bin:/usr/bin:/bin" };
  const environment = { ...Object.fromEntries(kept), ...own };
  const inFolder = { cwd: folder, env: environment, timeout: 60_000 };
  for (const words of [["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "Begin"]]) {
    await run("git", words, inFolder);
  }
  const specwright = async (...words) => (await run(PROGRAM, words, inFolder)).stdout;
  await specwright("trust", "--yes");
  const program = wrap === undefined ? PROGRAM : join(scratch, "wrapped");
  if (wrap !== undefined) {
    write(program, wrap(PROGRAM));
    chmodSync(program, 0o755);
  }
  return {
    scratch,
    folder,
    environment,
    program,
    specwright,
    async remove() {
      await specwright("daemon", "stop").catch((error) => console.error(`daemon stop: ${error.message}`));
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
