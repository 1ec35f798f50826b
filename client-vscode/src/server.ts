// The language server: owns its process, says what state it is in, and carries requests to it.

import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";
import { findOutside, findProgram } from "./program";
import type { Document, Status, TaskList, TasksChanged } from "./protocol";

export type ServerState =
  /** The folder is not trusted: specs are checked by a server from outside of it, if there is one, and nothing else. */
  | { readonly kind: "untrusted" }
  | { readonly kind: "starting" }
  /** Not found, or gone and not coming back. */
  | { readonly kind: "stopped"; readonly why: string }
  /** The server runs and checks specs, but has no daemon to ask about tasks. */
  | { readonly kind: "noDaemon" }
  | { readonly kind: "ready"; readonly status: Status };

/** What the client does itself when an editor command of this name is run; undefined leaves it to the server. */
export type Instead = (command: string, argument: unknown) => (() => Promise<unknown>) | undefined;

export const UNTRUSTED =
  "You don't trust this folder, so nothing of it is queued or run. Trust it by 'Workspaces: Manage Workspace Trust', then try again.";

/** The requests that are ours: method to parameters and answer. */
interface Requests {
  "specwright/tasks": [Record<string, never>, TaskList];
  "specwright/document": [{ readonly task: string; readonly kind: "diff" | "log" }, Document];
}

export class Server implements vscode.Disposable {
  readonly #states = new vscode.EventEmitter<ServerState>();
  readonly #tasks = new vscode.EventEmitter<readonly string[]>();
  readonly #output: vscode.LogOutputChannel;
  readonly #instead: Instead;
  #client: LanguageClient | undefined;
  #state: ServerState = { kind: "starting" };

  /** Fires with the new state. */
  readonly onState = this.#states.event;
  /** Fires with the ids of tasks that changed. */
  readonly onTasks = this.#tasks.event;

  constructor(output: vscode.LogOutputChannel, instead: Instead) {
    this.#output = output;
    this.#instead = instead;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Start the server unless it runs; what goes wrong is shown, not thrown. */
  async start(): Promise<void> {
    if (this.#client !== undefined) {
      return;
    }
    const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
    const found = find(folders);
    if (!vscode.workspace.isTrusted) {
      this.#become({ kind: "untrusted" });
    }
    if ("missing" in found) {
      this.#fail(found.missing);
      return;
    }
    this.#client = this.#make(found.program, vscode.workspace.isTrusted ? folders[0] : homedir());
    try {
      await this.#client.start();
    } catch (error) {
      this.#fail(`${found.program} lsp did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async restart(): Promise<void> {
    await this.#stop();
    await this.start();
  }

  async request<M extends keyof Requests>(method: M, params: Requests[M][0]): Promise<Requests[M][1]> {
    return this.#running().sendRequest<Requests[M][1]>(method, params);
  }

  /** Run one of the server's commands; each takes one object. */
  async execute(command: string, argument: object): Promise<unknown> {
    return this.#running().sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] });
  }

  dispose(): void {
    void this.#stop();
    this.#states.dispose();
    this.#tasks.dispose();
  }

  #make(program: string, cwd: string | undefined): LanguageClient {
    const options: LanguageClientOptions = {
      documentSelector: [{ scheme: "file" }],
      outputChannel: this.#output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: { trusted: vscode.workspace.isTrusted },
      markdown: { isTrusted: false, supportHtml: false }, // hovers quote what agents wrote
      middleware: {
        executeCommand: (command, args, next) => {
          if (!vscode.workspace.isTrusted) {
            return this.#refuse();
          }
          const instead = this.#instead(command, args[0]);
          return instead === undefined ? next(command, args) : instead();
        },
        // VS Code colours a file by one provider alone: ours would take away the language's own
        provideDocumentSemanticTokens: () => null,
        provideDocumentSemanticTokensEdits: () => null,
        provideDocumentRangeSemanticTokens: () => null,
      },
    };
    const executable = { command: program, args: ["lsp"], options: cwd === undefined ? {} : { cwd } };
    const client = new LanguageClient("specwright", "Specwright", executable, options);
    client.onDidChangeState(({ newState }) => this.#follow(client, newState));
    client.onNotification("specwright/status", (status: Status) => {
      this.#become({ kind: "ready", status });
    });
    client.onNotification("specwright/away", () => this.#become({ kind: "noDaemon" }));
    client.onNotification("specwright/tasksChanged", ({ tasks }: TasksChanged) => this.#tasks.fire(tasks));
    return client;
  }

  #follow(client: LanguageClient, state: State): void {
    if (client !== this.#client) {
      return;
    }
    if (state === State.Starting) {
      this.#become({ kind: "starting" });
    } else if (state === State.Running && vscode.workspace.isTrusted) {
      void this.#probe();
    } else if (state === State.Stopped) {
      this.#become({ kind: "stopped", why: "The server ended." });
    }
  }

  /** Until the first status comes, an answer that fails means that there is no daemon to answer it. */
  async #probe(): Promise<void> {
    try {
      await this.request("specwright/tasks", {});
    } catch (error) {
      this.#output.warn(`specwright/tasks: ${String(error)}`);
      if (this.#state.kind === "starting") {
        this.#become({ kind: "noDaemon" });
      }
    }
  }

  #running(): LanguageClient {
    if (!vscode.workspace.isTrusted) {
      throw new Error(UNTRUSTED);
    }
    if (this.#client === undefined || this.#state.kind === "stopped") {
      throw new Error("Specwright's server does not run: its output says why.");
    }
    return this.#client;
  }

  async #refuse(): Promise<void> {
    if ((await vscode.window.showWarningMessage(UNTRUSTED, "Manage Workspace Trust")) !== undefined) {
      await vscode.commands.executeCommand("workbench.trust.manage");
    }
  }

  /** Without trust nothing is known of the queue, whatever the server says. */
  #become(state: ServerState): void {
    this.#state = vscode.workspace.isTrusted ? state : { kind: "untrusted" };
    this.#states.fire(this.#state);
  }

  /** What is missing is asked about where it can be used: in a folder that is trusted. */
  #fail(why: string): void {
    this.#client = undefined;
    this.#output.error(why);
    this.#become({ kind: "stopped", why });
    if (!vscode.workspace.isTrusted) {
      return;
    }
    void vscode.window.showErrorMessage(why, "Open Settings", "Show Output").then((choice) => {
      if (choice === "Open Settings") {
        return vscode.commands.executeCommand("workbench.action.openSettings", "specwright.path");
      }
      return choice === "Show Output" ? this.#output.show() : undefined;
    });
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.dispose();
  }
}

/** Without trust only what the user's own settings name, or their search path, and nothing that lies in the folders. */
function find(folders: readonly string[]): ReturnType<typeof findProgram> {
  const settings = vscode.workspace.getConfiguration("specwright");
  const searchPath = process.env["PATH"] ?? "";
  if (vscode.workspace.isTrusted) {
    return findProgram(settings.get("path", "").trim(), folders, searchPath);
  }
  return findOutside((settings.inspect<string>("path")?.globalValue ?? "").trim(), folders, searchPath);
}
