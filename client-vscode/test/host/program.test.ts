import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findProgram } from "../../src/program";

suite("where the program is looked for", () => {
  let root: string;
  setup(() => {
    root = mkdtempSync(join(tmpdir(), "specwright-program-"));
  });
  teardown(() => rmSync(root, { recursive: true }));

  function place(path: string, mode = 0o755): string {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, mode);
    return file;
  }

  function check(setting: string, expected: string): void {
    assert.deepEqual(findProgram(setting, [root], `relative:${join(root, "bin")}`), { program: expected });
  }

  function checkMissing(setting: string, sentence: RegExp): void {
    const found = findProgram(setting, [root], join(root, "bin"));
    assert.match("missing" in found ? found.missing : found.program, sentence);
  }

  test("the setting comes first", () => {
    place("bin/specwright");
    check("tools/sw", place("tools/sw"));
  });

  test("then the search path", () => {
    place(".venv/bin/specwright");
    check("", place("bin/specwright"));
  });

  test("then the folder's .venv", () => check("", place(".venv/bin/specwright")));

  test("a file that can't be run is no program", () => {
    place("bin/specwright", 0o644);
    check("", place(".venv/bin/specwright"));
  });

  test("nothing there: it says how to install", () => checkMissing("", /pipx install specwright/));

  test("a wrong setting is named, not passed over", () => {
    place("bin/specwright");
    checkMissing("~/no/such/program", new RegExp(`^${join(homedir(), "no/such/program")}, named by specwright.path`));
  });
});
