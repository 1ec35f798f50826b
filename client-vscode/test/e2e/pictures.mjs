// Takes the pictures of the README in a real workbench.  usage: node pictures.mjs WORKBENCH_DIR FOLDER

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeProject } from "./project.mjs";
import { start } from "./workbench.mjs";

const [installation, folder] = process.argv.slice(2).map((each) => resolve(each));
const vsix = resolve(import.meta.dirname, "../../specwright.vsix");
const viewport = { width: 1080, height: 700 };
const settings = { "editor.hover.above": false, "editor.minimap.enabled": false, "workbench.reduceMotion": "on" };

mkdirSync(folder, { recursive: true });
const project = await makeProject();
const workbench = await start({ installation, project, vsix, viewport, settings });
const picture = (name) => workbench.page.screenshot({ path: join(folder, `${name}.png`) });

try {
  await workbench.status("Specwright: ready");
  await workbench.open("clock/greeting.py");
  await workbench.goTo(4);
  const goal = "Visitors are greeted as they would greet each other.";
  const check = "grep -q part clock/greeting.py";
  await workbench.type(`# spec! Greet by the hour\n# ${goal}\n# - [ ] before 12 it is "Good morning", check: \`${check}\`\n`);
  await workbench.save();
  await workbench.press("Control+B");
  await workbench.act("spec! Greet", "Queue as task");
  await workbench.lens("Accept all", "Accept this hunk");
  await workbench.problem("ready for review: 1 file, +2 −2");
  await workbench.goTo(3);
  await workbench.hover("Hello", "Quick Fix");
  await picture("review");

  await workbench.leaveHover();
  await workbench.closePanel();
  await workbench.actions('return "Hello"');
  await picture("actions");
  await workbench.press("Escape");

  await project.specwright("queue", "clock/durations.py", "clock/weekday.py");
  const { tasks } = JSON.parse(await project.specwright("list", "--json"));
  const of = (title) => tasks.find((task) => task.title === title).task;
  await project.specwright("wait", of("Read durations"), of("Write durations"), of("First day of the week")).catch(() => {});
  await project.specwright("accept", of("Read durations"));
  await project.specwright("reject", of("Write durations"));
  await workbench.status("1 running, 2 to review");
  await workbench.clickStatus("Specwright");
  await workbench.hasRows("Greet by the hour", "Monday or Sunday?", "accepted", "rejected", "running");
  await picture("tasks");
} finally {
  await workbench.stop();
  await project.remove();
}
