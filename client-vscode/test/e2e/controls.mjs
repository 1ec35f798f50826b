// Negative controls: with a server that lacks something, the step that needs it must be red, and the other one green.
// usage: node controls.mjs WORKBENCH_DIR

import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { makeProject } from "./project.mjs";
import { start } from "./workbench.mjs";

const installation = resolve(process.argv[2] ?? "");
const vsix = resolve(import.meta.dirname, "../../specwright.vsix");
const without = resolve(import.meta.dirname, "without.mjs");
const CONTROLS = {
  actions: { underlined: true, queued: false },
  diagnostics: { underlined: false, queued: true },
};

async function play(lacking) {
  const wrap = (program) => `#!/bin/sh\nexec '${process.execPath}' '${without}' ${lacking} '${program}' "$@"\n`;
  const project = await makeProject(wrap);
  const workbench = await start({ installation, project, vsix });
  try {
    await workbench.status("Specwright: ready");
    return { underlined: await works(() => underline(workbench)), queued: await works(() => queue(workbench)) };
  } finally {
    await workbench.stop();
    await project.remove();
  }
}

async function underline(workbench) {
  await workbench.open("clock/greeting.py");
  await workbench.goTo(4);
  await workbench.type("# spec! Greet by the hour\n");
  await workbench.squiggle("error");
}

async function queue(workbench) {
  await workbench.open("clock/durations.py");
  await workbench.act("spec! Read", "Queue as task");
  await workbench.status("1 to review");
}

async function works(gesture) {
  try {
    await gesture();
    return true;
  } catch {
    return false;
  }
}

for (const [lacking, expected] of Object.entries(CONTROLS)) {
  const found = await play(lacking);
  const good = isDeepStrictEqual(found, expected);
  console.log(`${good ? "ok " : "RED"} without ${lacking}, red as it must be: ${JSON.stringify(found)}`);
  process.exitCode ||= good ? 0 : 1;
}
