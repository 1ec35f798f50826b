// Server commands that this client serves better, since it has an input box and documents of its own.

import { requestChanges } from "./actions";
import type { Context } from "./context";

interface TaskArgument {
  readonly task: string;
  readonly text?: string;
}

const INSTEAD: Readonly<Record<string, (context: Context, task: string) => Promise<unknown>>> = {
  "specwright.revise": askForChanges,
  "specwright.openDiff": (context, task) => context.documents.show(task, "diff"),
  "specwright.openLog": (context, task) => context.documents.show(task, "log"),
};

/** What to do in place of a command that a code action, a lens or another extension runs; undefined: let the server do it. */
export function instead(context: Context, command: string, argument: unknown): (() => Promise<unknown>) | undefined {
  const ours = INSTEAD[command];
  if (ours === undefined || !isTaskArgument(argument) || argument.text !== undefined) {
    return undefined;
  }
  return () => ours(context, argument.task);
}

async function askForChanges(context: Context, task: string): Promise<void> {
  const { tasks } = await context.server.request("specwright/tasks", {});
  const line = tasks.find((each) => each.task === task);
  if (line === undefined) {
    throw new Error(`There is no task ${task} in this checkout.`);
  }
  await requestChanges(context, line);
}

function isTaskArgument(argument: unknown): argument is TaskArgument {
  return typeof argument === "object" && argument !== null && "task" in argument && typeof argument.task === "string";
}
