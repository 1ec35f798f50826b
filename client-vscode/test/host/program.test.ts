import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findOutside, findProgram } from "../../src/program";

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

  test("a folder without trust brings no program, by whatever way it is named", () => {
    const folder = join(root, "folder");
    const inside = place("folder/.venv/bin/specwright");
    mkdirSync(join(root, "links"));
    symlinkSync(inside, join(root, "links/specwright"));
    symlinkSync(join(folder, ".venv/bin"), join(root, "bin"));
    const onPath = [join(folder, ".venv/bin"), join(root, "links"), join(root, "bin")].join(":");
    for (const setting of ["", inside, join(root, "links/specwright"), ".venv/bin/specwright"]) {
      const found = findOutside(setting, [folder], onPath);
      assert.ok("missing" in found, JSON.stringify({ setting, found }));
      assert.ok("program" in findProgram(setting, [folder], onPath), setting); // as it would with trust
    }
  });

  test("what lies outside of it is found behind that", () => {
    const outside = place("tools/specwright");
    const inside = dirname(place("folder/.venv/bin/specwright"));
    const found = findOutside("", [join(root, "folder")], `${inside}:${dirname(outside)}`);
    assert.deepEqual(found, { program: outside });
    assert.deepEqual(findOutside(outside, [join(root, "folder")], ""), { program: outside });
  });
});
