// The list of tasks, and what can be done with the one that is picked.

import * as vscode from "vscode";
import { type Action, actionsFor } from "./actions";
import type { Context } from "./context";
import { label } from "./foreign";
import type { State, TaskLine } from "./protocol";

interface TaskItem extends vscode.QuickPickItem {
  readonly task?: TaskLine;
}

interface ActionItem extends vscode.QuickPickItem {
  readonly action: Action;
}

const ICONS: Readonly<Record<State, string>> = {
  waiting: "clock",
  running: "sync~spin",
  review: "eye",
  accepted: "pass",
  rejected: "discard",
  cancelled: "circle-slash",
  failed: "error",
};

/** The list's sections, in order: what needs a person comes first. */
const SECTIONS: readonly (readonly [string, readonly State[]])[] = [
  ["to review", ["review"]],
  ["running", ["running"]],
  ["waiting", ["waiting"]],
  ["over", ["failed", "accepted", "rejected", "cancelled"]],
];

/** Pick a task, then what to do with it. */
export async function showTasks(context: Context): Promise<void> {
  for (;;) {
    const task = await pickTask(context, "Tasks", () => true);
    const chosen = task && (await pickAction(task));
    if (task === undefined || chosen === undefined) {
      return;
    }
    if (chosen !== "back") {
      await chosen.run(context, task);
      return;
    }
  }
}

/** Pick one of the tasks that fit, newest first; the list follows the queue while it is open. */
export async function pickTask(
  context: Context,
  title: string,
  fits: (task: TaskLine) => boolean,
): Promise<TaskLine | undefined> {
  const pick = vscode.window.createQuickPick<TaskItem>();
  pick.title = `Specwright: ${title}`;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  const update = async (): Promise<void> => {
    const active = pick.activeItems[0]?.task?.task;
    pick.items = itemsFor((await context.server.request("specwright/tasks", {})).tasks.filter(fits));
    pick.activeItems = pick.items.filter((item) => item.task !== undefined && item.task.task === active);
    pick.busy = false;
    pick.placeholder = pick.items.length > 0 ? "Pick a task" : "None. Write a spec and choose 'Queue as task'.";
  };
  const following = context.server.onTasks(() => update().catch((error: unknown) => context.output.warn(String(error))));
  try {
    await update();
    return (await choice(pick))?.task;
  } finally {
    following.dispose();
    pick.dispose();
  }
}

async function pickAction(task: TaskLine): Promise<Action | "back" | undefined> {
  const pick = vscode.window.createQuickPick<ActionItem>();
  pick.title = `Specwright: ${label(task.title)}`;
  pick.placeholder = task.question !== null ? label(task.question) : placeAndOutcome(task);
  pick.buttons = [vscode.QuickInputButtons.Back];
  pick.items = actionsFor(task).map((action) => ({ label: `$(${action.icon}) ${action.title(task)}`, action }));
  const back = new Promise<"back">((resolve) => pick.onDidTriggerButton(() => resolve("back")));
  try {
    const chosen = await Promise.race([choice(pick), back]);
    return chosen === "back" ? chosen : chosen?.action;
  } finally {
    pick.dispose();
  }
}

/** Show a quick pick until an item is accepted, or undefined when it is left. */
function choice<T extends vscode.QuickPickItem>(pick: vscode.QuickPick<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      if (pick.selectedItems[0] !== undefined) {
        resolve(pick.selectedItems[0]);
      }
    });
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
}

function itemsFor(tasks: readonly TaskLine[]): readonly TaskItem[] {
  return SECTIONS.flatMap(([section, states]) => {
    const items = tasks.filter((task) => states.includes(task.state)).map(itemFor);
    return items.length > 0 ? [{ label: section, kind: vscode.QuickPickItemKind.Separator }, ...items] : [];
  });
}

function itemFor(task: TaskLine): TaskItem {
  const item = { label: `$(${ICONS[task.state]}) ${label(task.title)}`, description: placeAndOutcome(task), task };
  return task.question === null ? item : { ...item, detail: label(task.question) };
}

function placeAndOutcome(task: TaskLine): string {
  const outcome = task.reasons.length > 0 ? `: ${task.reasons.join(", ")}` : task.outcome && `, ${task.outcome}`;
  return label(`${task.path}:${task.line} · ${task.state}${outcome ?? ""}`);
}
