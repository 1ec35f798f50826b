import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Api } from "../../src/extension";

const SERVED = ["queue", "queueFile", "cancel", "retry", "revise", "acceptHunk", "rejectHunk", "accept", "reject"];
const OWN = ["queueAtCursor", "queueThisFile", "showTasks", "requestChanges", "restartServer", "showOutput"];

suite("the extension in a folder with the server", () => {
  let api: Api;
  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension<Api>("specwright.specwright");
    assert.ok(extension, "the extension is not there");
    api = await extension.activate();
    await statusBecomes(api, "Specwright: ready");
  });

  test("its commands and the server's are there", async () => {
    const known = await vscode.commands.getCommands(true);
    const missing = [...SERVED, ...OWN].filter((name) => !known.includes(`specwright.${name}`));
    assert.deepEqual(missing, []);
  });

  test("the server's actions reach the editor", async () => {
    const { document } = await openSpec();
    const range = new vscode.Range(3, 0, 3, 0);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      range,
    );
    assert.ok(actions.some(({ title }) => title === "Queue as task"), actions.map(({ title }) => title).join(", "));
  });

  test("a queued spec is counted, and its diff and log are documents", async () => {
    const { document } = await openSpec();
    await vscode.commands.executeCommand("specwright.queueAtCursor");
    await statusBecomes(api, "Specwright: 1 to review");
    assert.equal(document.isDirty, false);
    const task = (await api.tasks())[0]?.task;
    assert.ok(task);
    await vscode.commands.executeCommand("specwright.openDiff", { task });
    await checkActive(`/${task}.diff`, /^\+.*\* 60/m);
    await vscode.commands.executeCommand("specwright.openLog", { task });
    await checkActive(`/${task}.log`, /edit/);
  });

  test("the server comes back after a restart, and knows what waits", async () => {
    await vscode.commands.executeCommand("specwright.restartServer");
    await statusBecomes(api, "Specwright: starting");
    await statusBecomes(api, "Specwright: 1 to review");
  });
});

async function openSpec(): Promise<vscode.TextEditor> {
  const [file] = await vscode.workspace.findFiles("clock/durations.py");
  assert.ok(file);
  return vscode.window.showTextDocument(file, { selection: new vscode.Range(3, 0, 3, 0) });
}

async function checkActive(path: string, text: RegExp): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.path, path);
  assert.match(document.getText(), text);
}

async function statusBecomes(api: Api, text: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; api.statusText !== text; ) {
    if (Date.now() > deadline) {
      const tasks = (await api.tasks()).map(({ title, state, reasons }) => `${title}: ${state} ${reasons.join(", ")}`);
      assert.fail(`the status bar says '${api.statusText}', not '${text}'; tasks: ${tasks.join("; ")}`);
    }
    await new Promise((done) => setTimeout(done, 5));
  }
}
