// Starts the language server and shows the queue. What any editor can do is the server's work, not done here.

import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { Context } from "./context";
import type { TaskLine } from "./protocol";

/** What `activate` hands out; for tests. */
export interface Api {
  /** The status-bar item as it is read out. */
  readonly statusText: string;
  tasks(): Promise<readonly TaskLine[]>;
}

export function activate(extension: vscode.ExtensionContext): Api {
  const context = new Context();
  extension.subscriptions.push(
    context,
    ...registerCommands(context),
    vscode.workspace.onDidGrantWorkspaceTrust(() => context.server.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("specwright.path")) {
        void context.server.restart();
      }
    }),
  );
  void context.server.start();
  return {
    get statusText() {
      return context.statusBar.text;
    },
    tasks: async () => (await context.server.request("specwright/tasks", {})).tasks,
  };
}
