import assert from "node:assert/strict";
import type { Status } from "../../src/protocol";
import { describe } from "../../src/status";

const NOTHING: Status = { running: 0, waiting: 0, review: 0, failed: 0, spentToday: 0, paused: false };

suite("what the status bar says", () => {
  check("nothing to do", {}, "ready", "checklist");
  check("only what there is", { running: 1, review: 2 }, "1 running, 2 to review", "sync~spin");
  check("all of it", { running: 1, waiting: 3, review: 2, failed: 4 }, "1 running, 3 waiting, 2 to review, 4 failed", "sync~spin");
  check("paused", { waiting: 3, paused: true }, "paused, 3 waiting", "debug-pause");

  test("the tooltip tells the cost, and when it is not known", () => {
    assert.match(tooltip(1.5), /Spent today: \$1\.50/);
    assert.match(tooltip(null), /Spent today: unknown/);
  });

  test("each state without a server leads somewhere", () => {
    const commands = [
      describe({ kind: "untrusted" }),
      describe({ kind: "stopped", why: "It ended." }),
      describe({ kind: "noDaemon" }),
    ].map(({ text, command }) => `${text} -> ${command}`);
    assert.deepEqual(commands, [
      "Specwright: not trusted -> workbench.trust.manage",
      "Specwright: no server -> specwright.restartServer",
      "Specwright: no daemon -> specwright.showOutput",
    ]);
  });
});

function check(name: string, status: Partial<Status>, text: string, icon: string): void {
  test(name, () => {
    const shown = describe({ kind: "ready", status: { ...NOTHING, ...status } });
    assert.deepEqual([shown.text, shown.icon], [`Specwright: ${text}`, icon]);
  });
}

function tooltip(spentToday: number | null): string {
  return describe({ kind: "ready", status: { ...NOTHING, spentToday } }).tooltip;
}
