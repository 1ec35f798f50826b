// A task's diff and log as read-only documents, `specwright:/k7f3qa.diff`; their text is the server's.

import * as vscode from "vscode";
import type { Server } from "./server";

export type Kind = "diff" | "log";

const SCHEME = "specwright";

export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #server: Server;
  readonly #holding: vscode.Disposable[];
  readonly #languages = new Map<string, string>();

  readonly onDidChange = this.#changed.event;

  constructor(server: Server) {
    this.#server = server;
    this.#holding = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      server.onTasks((tasks) => this.#refresh(tasks)),
    ];
  }

  async show(task: string, kind: Kind): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${task}.${kind}` });
    this.#changed.fire(uri); // it may be open with an older text
    const document = await vscode.workspace.openTextDocument(uri);
    const language = this.#languages.get(uri.path);
    if (language !== undefined && language !== document.languageId) {
      await vscode.languages.setTextDocumentLanguage(document, language);
    }
    await vscode.window.showTextDocument(document);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { task, kind } = parse(uri);
    const { text, language } = await this.#server.request("specwright/document", { task, kind });
    this.#languages.set(uri.path, language);
    return text;
  }

  dispose(): void {
    for (const held of this.#holding) {
      held.dispose();
    }
  }

  #refresh(tasks: readonly string[]): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === SCHEME && tasks.includes(parse(uri).task)) {
        this.#changed.fire(uri);
      }
    }
  }
}

function parse(uri: vscode.Uri): { readonly task: string; readonly kind: Kind } {
  const [task = "", kind] = uri.path.slice(1).split(".");
  return { task, kind: kind === "log" ? "log" : "diff" };
}
