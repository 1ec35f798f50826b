// A folder that nobody trusts, in a real workbench with workspace trust on: specs are checked, nothing of the folder runs, and
// queueing says how to trust it; once it is trusted, it is queued.  usage: node untrusted.mjs WORKBENCH_DIR

import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeProject } from "./project.mjs";
import { eventually, start } from "./workbench.mjs";

const VSIX = resolve(import.meta.dirname, "../../specwright.vsix");
const project = await makeProject();
await project.specwright("daemon", "stop");
const rung = join(project.scratch, "rung");
const trap = join(project.folder, "trap");
writeFileSync(trap, `#!/bin/sh\ntouch '${rung}'\nexec '${project.program}' "$@"\n`, { mode: 0o755 });
mkdirSync(join(project.folder, ".vscode"));
writeFileSync(join(project.folder, ".vscode/settings.json"), JSON.stringify({ "specwright.path": trap }));

const workbench = await start({ installation: resolve(process.argv[2] ?? ""), project, vsix: VSIX, trust: true });
try {
  await workbench.status("Specwright: not trusted");
  await workbench.open("clock/greeting.py");
  await workbench.goTo(4);
  await workbench.type("# spec! Greet by the hour\n");
  await workbench.squiggle("error");
  console.log("ok  specs are checked");

  await workbench.open("clock/durations.py");
  await workbench.goTo(await workbench.lineOf("spec! Read"));
  await workbench.command("Specwright: Queue Spec at Cursor as Task");
  await workbench.toast("You don't trust this folder");
  await workbench.act("spec! Read", "Queue as task");
  await workbench.toast("Manage Workspace Trust");
  const status = await project.specwright("daemon", "status").catch((error) => error.stdout + error.stderr);
  assert.match(status, /[Nn]o daemon/);
  assert.equal(existsSync(rung), false, "a program that the folder names was run");
  await workbench.shot("a folder that is not trusted");
  console.log("ok  queueing is refused, and no program of the folder's was run");

  await workbench.trust();
  await workbench.status("Specwright: ready");
  await eventually("the folder's setting counts now", () => existsSync(rung));
  console.log("ok  it counts once the folder is trusted");
} catch (error) {
  await workbench.shot("red");
  console.error(error);
  process.exitCode = 1;
} finally {
  await workbench.stop();
  await project.remove();
}
