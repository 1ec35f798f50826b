import assert from "node:assert/strict";
import { actionsFor } from "../../src/actions";
import type { TaskLine } from "../../src/protocol";

const TASK: TaskLine = {
  task: "k7f3qa",
  title: "Greet by the hour",
  path: "clock/greeting.py",
  line: 4,
  state: "waiting",
  outcome: null,
  reasons: [],
  question: null,
  base: "0".repeat(40),
  head: null,
};
const TREE = { head: "1".repeat(40) };

suite("what can be done with a task", () => {
  check("waiting", { reasons: ["limit"] }, "Start next, Cancel, Open spec");
  check("waiting for trust", { reasons: ["trust"] }, "Trust this project's commands…, Start next, Cancel, Open spec");
  check("running", { state: "running" }, "Cancel, Open spec, Show log");
  check(
    "a result to review",
    { state: "review", outcome: "passed", ...TREE },
    "Review, Request changes…, Show diff, Accept all, Reject, Retry, Open spec, Show log",
  );
  check(
    "a question without a change",
    { state: "review", outcome: "blocked", question: "Which?" },
    "Answer the question…, Reject, Retry, Open spec, Show log",
  );
  check("accepted", { state: "accepted", ...TREE }, "Show diff, Open spec, Show log");
  check("rejected", { state: "rejected", ...TREE }, "Show diff, Retry, Open spec, Show log");
  check("failed", { state: "failed", outcome: "empty" }, "Retry, Open spec, Show log");
});

function check(name: string, task: Partial<TaskLine>, titles: string): void {
  test(name, () => {
    const line = { ...TASK, ...task };
    assert.equal(actionsFor(line).map((action) => action.title(line)).join(", "), titles);
  });
}
