// The commands of the palette. Those of the server (`specwright.queue` and so on) are registered by the language client.

import * as vscode from "vscode";
import { requestChanges } from "./actions";
import type { Context } from "./context";
import { pickTask, showTasks } from "./tasks";

const COMMANDS: Readonly<Record<string, (context: Context) => unknown>> = {
  "specwright.queueAtCursor": async ({ server }) => {
    const { document, selection } = editor();
    await server.execute("specwright.queue", { uri: document.uri.toString(), line: selection.active.line });
  },
  "specwright.queueThisFile": ({ server }) =>
    server.execute("specwright.queueFile", { uri: editor().document.uri.toString() }),
  "specwright.showTasks": showTasks,
  "specwright.requestChanges": async (context) => {
    const task = await pickTask(context, "Request changes to…", ({ state }) => state === "review");
    await (task && requestChanges(context, task));
  },
  "specwright.restartServer": ({ server }) => server.restart(),
  "specwright.showOutput": ({ output }) => output.show(),
};

export function registerCommands(context: Context): vscode.Disposable[] {
  return Object.entries(COMMANDS).map(([name, run]) =>
    vscode.commands.registerCommand(name, async () => {
      try {
        await run(context);
      } catch (error) {
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
    }),
  );
}

function editor(): vscode.TextEditor {
  const active = vscode.window.activeTextEditor;
  if (active === undefined) {
    throw new Error("Open a file with a spec first.");
  }
  return active;
}
