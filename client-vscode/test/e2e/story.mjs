// The user's story in a real workbench, step by step; a picture of each.  usage: node story.mjs WORKBENCH_DIR
// Steps build on one another; all are tried even after a red one, and the exit code says whether any was.

import assert from "node:assert/strict";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeProject } from "./project.mjs";
import { eventually, start } from "./workbench.mjs";

const VSIX = resolve(import.meta.dirname, "../../specwright.vsix");
const GREETING = "clock/greeting.py";
const DURATIONS = "clock/durations.py";
const WEEKDAY = "clock/weekday.py";
const CRITERION = "# - [ ] before 12 it is morning, check: `grep -q part clock/greeting.py`";

const project = await makeProject();
const workbench = await start({ installation: resolve(process.argv[2] ?? ""), project, vsix: VSIX });
const failed = [];

async function step(name, play) {
  const began = Date.now();
  try {
    await play();
  } catch (error) {
    failed.push(name);
    console.error(`  ${error.stack}`);
  }
  await workbench.shot(name);
  console.log(`${failed.includes(name) ? "RED" : "ok "} ${name} (${Date.now() - began} ms)`);
}

const onDisk = (path) => readFileSync(join(project.folder, path), "utf8");
const holds = (text) => eventually(`the buffer holds: ${text}`, async () => (await workbench.text()).includes(text));
const lacks = (text) => eventually(`the buffer lacks: ${text}`, async () => !(await workbench.text()).includes(text));

/** The task of a title, once it is in a state. */
async function task(title, state) {
  return eventually(`'${title}' is ${state}`, async () => {
    const { tasks } = JSON.parse(await project.specwright("list", "--json"));
    const found = tasks.find((each) => each.title === title);
    assert.equal(found?.state, state, await project.specwright("show", found?.task));
    return found.task;
  });
}

await step("the server is ready", () => workbench.status("Specwright: ready"));

await step("a spec without a criterion is underlined", async () => {
  await workbench.open(GREETING);
  await workbench.goTo(4);
  await workbench.type("# spec! Greet by the hour\n# Say good morning before noon.\n");
  await workbench.squiggle("error");
});

await step("with a criterion it is not", async () => {
  await workbench.goTo(6);
  await workbench.type(`${CRITERION}\n`);
  await workbench.squiggle("error", "detached");
  await workbench.save();
});

await step("queueing changes no file", async () => {
  const before = onDisk(GREETING);
  await workbench.act("spec! Greet", "Queue as task");
  await workbench.status("1 to review");
  await workbench.dirty(false);
  assert.equal(onDisk(GREETING), before);
});

await step("the result is shown at the spec and at its hunks", async () => {
  await workbench.lens("Accept all", "Reject all", "Accept this hunk");
  await workbench.problem("ready for review: 1 file, +2 −2");
  await workbench.problem("Hunk 1.1");
  await workbench.problem("Hunk 1.2");
  await workbench.closePanel();
});

await step("one hunk is accepted into the buffer, and one undo takes it back", async () => {
  await workbench.act('return "Hello"', "Accept this hunk");
  await holds('return f"Good {part(hour)}"');
  await holds('return "Bye"');
  await workbench.dirty(true);
  await workbench.press("Control+Z");
  await holds('return "Hello"');
  await workbench.dirty(false);
});

await step("all is accepted, and the spec goes with it", async () => {
  await workbench.act("spec! Greet", "Accept all of 'Greet by the hour'");
  await lacks("spec!");
  await holds('return f"Good {part(hour)}"');
  await holds('return "Good night" if hour > 20 else "Goodbye"');
  await workbench.dirty(true);
  assert.match(onDisk(GREETING), /spec! Greet/);
});

await step("saved, the task is over", async () => {
  await workbench.save();
  assert.doesNotMatch(onDisk(GREETING), /spec!/);
  await task("Greet by the hour", "accepted");
});

await step("two specs are queued from the palette", async () => {
  await workbench.open(DURATIONS);
  await workbench.command("Specwright: Queue All Specs of This File");
  await workbench.status("2 to review");
  await task("Read durations", "review");
  await task("Write durations", "review");
  await workbench.dirty(false);
});

await step("the tasks are listed with what can be done", async () => {
  await workbench.clickStatus("Specwright");
  await workbench.hasRows("Read durations", "Write durations", "Greet by the hour");
  await workbench.choose("Read durations", "Read durations");
  await workbench.hasRows("Review", "Request changes…", "Show diff", "Accept all", "Reject", "Retry", "Open spec", "Show log");
});

await step("a diff is a document", async () => {
  await workbench.choose("Show diff", "Show diff");
  await workbench.tab(".diff");
  await holds("+    return int(text[:-1]) * 60");
});

await step("with two results, hunks of the one under review only", async () => {
  await workbench.closeTab(); // not in the step before, whose picture shows the diff
  await workbench.pickAction("Read durations", "Review");
  await workbench.open(DURATIONS);
  assert.ok((await workbench.actions("return int(text)")).some((title) => title.includes("Accept this hunk")));
  await workbench.press("Escape");
  assert.ok(!(await workbench.actions("return str(seconds)")).some((title) => title.includes("Accept this hunk")));
  await workbench.press("Escape");
});

await step("a hunk is rejected and another accepted; the spec stays", async () => {
  await workbench.act("return int(text)", "Reject this hunk");
  await holds("return int(text)");
  await workbench.act("return seconds > 3600", "Accept this hunk");
  await holds("return seconds > 60 * 60");
  await workbench.save();
  await task("Read durations", "accepted");
  assert.match(onDisk(DURATIONS), /spec! Read durations[^]*int\(text\)\n[^]*> 60 \* 60/);
});

await step("changes are requested in an input box", async () => {
  await workbench.act("spec! Write", "Request changes to 'Write durations'");
  await workbench.answer("Spell the unit out.", "What should be different?");
  await eventually("a second run", async () => {
    const { runs } = JSON.parse(await project.specwright("show", "--json", await task("Write durations", "review")));
    return runs.length === 2;
  });
  await workbench.problem("+2 −2");
  await workbench.closePanel();
});

await step("an accept in a terminal changes the open buffer, and one undo takes it back", async () => {
  const before = onDisk(DURATIONS);
  await project.specwright("accept", await task("Write durations", "review"));
  await holds("divmod(seconds, 60)");
  await holds('return "seconds"');
  await lacks("spec! Write");
  await workbench.dirty(true);
  assert.equal(onDisk(DURATIONS), before);
  await workbench.press("Control+Z");
  await holds("spec! Write");
  await holds("return str(seconds)");
  await workbench.dirty(false);
});

await step("what is accepted and saved at once is final", async () => {
  await workbench.act("spec! Write", "Accept all of 'Write durations'");
  await lacks("spec! Write");
  await workbench.press("Control+S"); // the verdict may not be recorded yet
  await task("Write durations", "accepted");
  assert.doesNotMatch(onDisk(DURATIONS), /spec! Write/);
});

await step("a question is answered in an input box", async () => {
  await workbench.open(WEEKDAY);
  await workbench.act("spec! First day", "Queue as task");
  await workbench.status("1 to review");
  await workbench.act("spec! First day", "Answer 'First day of the week'");
  await workbench.answer("Monday, as in ISO 8601.", "Monday or Sunday?");
  await workbench.problem("ready for review: 1 file, +1 −1");
  await workbench.closePanel();
});

await step("a running task is cancelled in the list of tasks", async () => {
  await workbench.act("spec! Wait", "Queue as task");
  await workbench.status("1 running");
  await workbench.pickAction("Wait for a new year", "Cancel");
  await task("Wait for a new year", "cancelled");
  await workbench.status("Specwright: 1 to review");
});

await step("a log is a document", async () => {
  await workbench.pickAction("Wait for a new year", "Show log");
  await workbench.tab(".log");
  await holds("It takes a while.");
});

await step("the status bar tells when no daemon can be had, and when one is back", async () => {
  const state = join(project.scratch, "home/state");
  const { pid } = JSON.parse(await project.specwright("daemon", "status", "--json"));
  renameSync(state, `${state}.kept`);
  writeFileSync(state, ""); // no daemon can start without a folder for its state
  process.kill(pid, "SIGKILL");
  await workbench.status("Specwright: no daemon");
  rmSync(state);
  renameSync(`${state}.kept`, state);
  await workbench.status("Specwright: 1 to review");
});

await step("no request went to a foreign host", () => assert.deepEqual([...workbench.foreignHosts], []));

await workbench.stop();
await project.remove();
console.log(`retries: ${workbench.retries}`);
console.log(failed.length === 0 ? "story: passed" : `story: failed (${failed.join("; ")})`);
process.exitCode = failed.length === 0 ? 0 : 1;
