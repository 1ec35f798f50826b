// What belongs to one window; each part owns its own resources.

import * as vscode from "vscode";
import { Documents } from "./documents";
import { instead } from "./instead";
import { Server } from "./server";
import { StatusBar } from "./status";

export class Context implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel("Specwright", { log: true });
  readonly server = new Server(this.output, (command, argument) => instead(this, command, argument));
  readonly documents = new Documents(this.server);
  readonly statusBar = new StatusBar(this.server);

  dispose(): void {
    for (const part of [this.statusBar, this.documents, this.server, this.output]) {
      part.dispose();
    }
  }
}
