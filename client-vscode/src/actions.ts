// What can be done with a task, by its state; the second step of the list of tasks.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import type { Context } from "./context";
import { label, sentence } from "./foreign";
import type { TaskLine } from "./protocol";

export interface Action {
  readonly icon: string;
  title(task: TaskLine): string;
  fits(task: TaskLine): boolean;
  run(context: Context, task: TaskLine): Promise<unknown>;
}

/** All actions, the likeliest first. */
const ACTIONS: readonly Action[] = [
  {
    icon: "eye",
    title: () => "Review",
    fits: (task) => task.state === "review" && task.head !== null,
    run: server("specwright.openReview"),
  },
  {
    icon: "comment",
    title: (task) => (task.question === null ? "Request changes…" : "Answer the question…"),
    fits: (task) => task.state === "review",
    run: requestChanges,
  },
  {
    icon: "shield",
    title: () => "Trust this project's commands…",
    fits: (task) => task.reasons.includes("trust"),
    run: (context) => context.server.execute("specwright.trust", {}),
  },
  {
    icon: "diff",
    title: () => "Show diff",
    fits: (task) => task.head !== null,
    run: (context, { task }) => context.documents.show(task, "diff"),
  },
  {
    icon: "check-all",
    title: () => "Accept all",
    fits: (task) => task.state === "review" && task.head !== null,
    run: server("specwright.accept"),
  },
  {
    icon: "discard",
    title: () => "Reject",
    fits: (task) => task.state === "review",
    run: server("specwright.reject"),
  },
  {
    icon: "arrow-up",
    title: () => "Start next",
    fits: (task) => task.state === "waiting",
    run: (context, { task }) => context.server.execute("specwright.reorder", { task, to: "first" }),
  },
  {
    icon: "debug-continue",
    title: () => "Resume the queue",
    fits: (task) => task.reasons.includes("paused"),
    run: (context) => context.server.execute("specwright.resume", {}),
  },
  {
    icon: "debug-stop",
    title: () => "Cancel",
    fits: (task) => task.state === "waiting" || task.state === "running",
    run: server("specwright.cancel"),
  },
  {
    icon: "debug-restart",
    title: () => "Retry",
    fits: (task) => ["review", "rejected", "cancelled", "failed"].includes(task.state),
    run: server("specwright.retry"),
  },
  { icon: "go-to-file", title: () => "Open spec", fits: () => true, run: openSpec },
  {
    icon: "output",
    title: () => "Show log",
    fits: (task) => task.state !== "waiting" || task.head !== null,
    run: (context, { task }) => context.documents.show(task, "log"),
  },
];

export function actionsFor(task: TaskLine): readonly Action[] {
  return ACTIONS.filter((action) => action.fits(task));
}

/** Ask for remarks, or for the answer to the task's question, and send the task back with them. */
export async function requestChanges(context: Context, { task, title, question }: TaskLine): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: question === null ? `Request changes to '${label(title)}'` : `Answer '${label(title)}'`,
    prompt: question !== null ? sentence(question) : "What should be different? The next run goes on from this result.",
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === "" ? "Say in a sentence what you want." : undefined),
  });
  if (text !== undefined) {
    await context.server.execute("specwright.revise", { task, text });
  }
}

function server(command: string): Action["run"] {
  return (context, { task }) => context.server.execute(command, { task });
}

async function openSpec(_context: Context, { path, line }: TaskLine): Promise<void> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const file = folders.map((folder) => findInCheckout(folder, path)).find((found) => found !== undefined);
  if (file === undefined) {
    throw new Error(`${path} is not there any more.`);
  }
  const start = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(start, start) });
}

/** A task's path starts at the checkout's root, which may lie above the folder that is open. */
function findInCheckout(folder: string, path: string): string | undefined {
  for (let root = folder; ; root = dirname(root)) {
    const file = join(root, path);
    if (existsSync(file)) {
      return file;
    }
    if (existsSync(join(root, ".git")) || root === dirname(root)) {
      return undefined;
    }
  }
}
