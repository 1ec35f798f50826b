// The status-bar item: how the queue stands, or why that is not known.

import * as vscode from "vscode";
import type { Status } from "./protocol";
import type { Server, ServerState } from "./server";

/** What the item says in one state of the server. */
export interface Shown {
  readonly icon: string;
  readonly text: string;
  readonly tooltip: string;
  readonly command: string;
  readonly alarming: boolean;
}

export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("specwright.status", vscode.StatusBarAlignment.Left);
  readonly #listening: vscode.Disposable;

  constructor(server: Server) {
    this.#item.name = "Specwright";
    this.#show(server.state);
    this.#listening = server.onState((state) => this.#show(state));
    this.#item.show();
  }

  get text(): string {
    return this.#item.accessibilityInformation?.label ?? "";
  }

  dispose(): void {
    this.#listening.dispose();
    this.#item.dispose();
  }

  #show(state: ServerState): void {
    const { icon, text, tooltip, command, alarming } = describe(state);
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.tooltip = tooltip;
    this.#item.command = command;
    this.#item.accessibilityInformation = { label: text, role: "button" };
    this.#item.backgroundColor = alarming ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  }
}

export function describe(state: ServerState): Shown {
  const quiet = { command: "specwright.showTasks", alarming: false };
  switch (state.kind) {
    case "starting":
      return { ...quiet, icon: "loading~spin", text: "Specwright: starting", tooltip: "The language server starts." };
    case "untrusted":
      return {
        ...quiet,
        icon: "shield",
        text: "Specwright: not trusted",
        tooltip: "Specs are checked, but nothing is queued or run before you trust this folder. Click to decide.",
        command: "workbench.trust.manage",
      };
    case "stopped":
      return {
        icon: "error",
        text: "Specwright: no server",
        tooltip: `${state.why} Click to start it again.`,
        command: "specwright.restartServer",
        alarming: true,
      };
    case "noDaemon":
      return {
        ...quiet,
        icon: "debug-disconnect",
        text: "Specwright: no daemon",
        tooltip: "Specs are checked, but tasks can't be shown: no daemon answers. The output says why. Click to see it.",
        command: "specwright.showOutput",
      };
    case "ready":
      return { ...quiet, icon: iconOf(state.status), text: textOf(state.status), tooltip: detailsOf(state.status) };
  }
}

function iconOf(status: Status): string {
  if (status.paused) {
    return "debug-pause";
  }
  return status.running > 0 ? "sync~spin" : "checklist";
}

function textOf(status: Status): string {
  const counts: [number, string][] = [
    [status.running, "running"],
    [status.waiting, "waiting"],
    [status.review, "to review"],
    [status.failed, "failed"],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  if (status.paused) {
    parts.unshift("paused");
  }
  return `Specwright: ${parts.length > 0 ? parts.join(", ") : "ready"}`;
}

function detailsOf(status: Status): string {
  const spent = status.spentToday === null ? "unknown, since a price is" : `$${status.spentToday.toFixed(2)}`;
  return [
    `Running: ${status.running}`,
    `Waiting: ${status.waiting}${status.paused ? " (paused)" : ""}`,
    `To review: ${status.review}`,
    `Failed: ${status.failed}`,
    `Spent today: ${spent}`,
    "Click for the tasks.",
  ].join("\n");
}
