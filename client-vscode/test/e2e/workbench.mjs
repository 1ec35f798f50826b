// Drives a real workbench in a headless browser. All selectors, which are the workbench's internals, are here.
// Rules: after a gesture wait for its effect, never for a time; retry a gesture that does no harm, never a whole test.

import { execFile, spawn } from "node:child_process";
import { mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const SCRIPT = resolve(import.meta.dirname, "../vscode-workbench");
const SHOTS = resolve(import.meta.dirname, "shots");
const QUIET = "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const MENU = ".action-widget:not(.action-list-submenu-panel)";
const VIEWPORT = { width: 1280, height: 800 };
const SLOW = 60_000;
const QUICK = 20_000;

/**
 * Start a workbench on a project, with the extension of `vsix` installed if one is given.
 * `installation` is the folder that `vscode-workbench install` filled; `options` go to the workbench, `query` to its page.
 * `prepare` gets the page before it is opened; `settings` are added to the machine's; `trust` has folders wait to be trusted.
 */
export async function start({ installation, project, vsix, options = [], query = () => ({}), prepare, viewport = VIEWPORT, settings = {}, trust = false }) {
  const extensions = join(project.scratch, "extensions");
  const profile = join(project.scratch, "profile");
  mkdirSync(join(profile, "Machine"), { recursive: true });
  writeFileSync(join(profile, "Machine/settings.json"), JSON.stringify({ "specwright.path": project.program, ...settings }));
  if (vsix !== undefined) {
    await promisify(execFile)(SCRIPT, ["install-extension", installation, extensions, vsix], { env: project.environment });
  }
  const port = await freePort();
  const log = openSync(join(project.scratch, "workbench.log"), "w");
  const words = ["start", installation, `${port}`, project.folder, extensions, profile, "--", ...options];
  const environment = { ...project.environment, WORKSPACE_TRUST: `${trust}` };
  const server = spawn(SCRIPT, words, { env: environment, detached: true, stdio: ["ignore", log, log] });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...QUIET.split(" "), ...(process.getuid() === 0 ? ["--no-sandbox"] : [])],
  });
  const stop = async () => {
    await browser.close();
    process.kill(-server.pid);
    await new Promise((done) => (server.exitCode ?? server.signalCode) === null ? server.once("exit", done) : done());
  };
  try {
    const page = await (await browser.newContext({ viewport })).newPage();
    const workbench = new Workbench(page, stop);
    await eventually("the workbench answers", async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, SLOW);
    await prepare?.(page);
    const parameters = new URLSearchParams({ folder: project.folder, ...query(port) });
    await page.goto(`http://127.0.0.1:${port}/?${parameters}`);
    return workbench;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Wait until `check` gives something true, which is returned; an error counts as not yet. */
export async function eventually(what, check, timeout = QUICK) {
  const deadline = Date.now() + timeout;
  for (let last; ; await new Promise((done) => setTimeout(done, 50))) {
    try {
      const found = await check();
      if (found) {
        return found;
      }
      last = found;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${timeout} ms: ${what}; last: ${last}`);
    }
  }
}

class Workbench {
  #shots = 0;
  retries = 0;
  foreignHosts = new Set();

  constructor(page, stop) {
    this.page = page;
    this.stop = stop;
    this.input = page.locator(".quick-input-widget input.input");
    this.rows = page.locator(".quick-input-list .monaco-list-row");
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^(http|ws)s?:$/.test(protocol) && hostname !== "127.0.0.1") {
        this.foreignHosts.add(hostname);
      }
    });
  }

  /** Wait for the status-bar item that holds a text. */
  async status(text, timeout = SLOW) {
    await this.page.locator(".statusbar-item", { hasText: text }).waitFor({ timeout });
  }

  async clickStatus(text) {
    // our own item: the progress of a task stands in the status bar, too
    await this.page.locator('.statusbar-item[id^="specwright"]', { hasText: text }).click();
    await this.input.waitFor({ timeout: QUICK });
  }

  /** Type at the cursor of the editor, and see that it is there. */
  async type(text) {
    await this.page.locator(".editor-instance .monaco-editor.focused").waitFor({ timeout: QUICK });
    await this.page.keyboard.insertText(text);
    await eventually(`the editor holds: ${text}`, async () => (await this.text()).includes(text));
  }

  async press(key) {
    await this.page.keyboard.press(key);
  }

  /** Do a gesture again, up to five times, where the focus may have been taken in between. */
  async again(gesture) {
    for (let tries = 1; ; tries++) {
      try {
        return await gesture();
      } catch (error) {
        if (tries === 5) {
          throw error;
        }
        this.retries++;
        await this.press("Escape");
      }
    }
  }

  /** Open the quick input with a key, type, and take the row that is focused once it holds `row`. */
  async pick(key, text, row) {
    await this.again(async () => {
      await this.press(key);
      await this.input.waitFor({ timeout: 3000 });
      await this.choose(text, row);
    });
  }

  /** Take a row of the quick input that is open. */
  async choose(text, row) {
    await this.input.fill(text, { timeout: 3000 });
    await this.rows.and(this.page.locator(".focused")).filter({ hasText: row }).first().waitFor({ timeout: 5000 });
    await this.press("Enter");
    await this.rows.filter({ hasText: row }).first().waitFor({ state: "hidden", timeout: 5000 });
  }

  /** Wait until the quick input shows rows that hold these texts. */
  async hasRows(...texts) {
    for (const text of texts) {
      await this.rows.filter({ hasText: text }).first().waitFor({ timeout: QUICK });
    }
  }

  /** Choose a task in the list of tasks, then what to do with it. */
  async pickAction(task, action) {
    await this.command("Specwright: Show Tasks");
    await this.hasRows(task);
    await this.choose(task, task);
    await this.hasRows(action);
    await this.choose(action, action);
  }

  /** Run a command of the palette by its title. */
  async command(title) {
    await this.pick("F1", `>${title}`, title);
  }

  /** Answer the input box that asks a question. */
  async answer(text, question) {
    await this.page.locator(".quick-input-message", { hasText: question }).waitFor({ timeout: QUICK });
    await this.input.fill(text);
    await this.press("Enter");
    await this.input.waitFor({ state: "hidden", timeout: 5000 });
  }

  async open(file) {
    await this.pick("Control+P", file, file.split("/").at(-1));
    await this.tab(file.split("/").at(-1));
  }

  async goTo(line, column = 1) {
    await this.again(async () => {
      await this.press("Control+G");
      await this.input.waitFor({ timeout: 3000 });
      await this.input.fill(`:${line}:${column}`, { timeout: 3000 });
      await this.press("Enter");
      await this.input.waitFor({ state: "hidden", timeout: 3000 });
      await this.page.locator(".statusbar-item", { hasText: `Ln ${line}, Col ${column}` }).waitFor({ timeout: 3000 });
    });
  }

  /** Wait until the active tab's name holds a text. */
  async tab(name) {
    await this.page.locator(".tab.active", { hasText: name }).waitFor({ timeout: QUICK });
  }

  async closeTab() {
    const tabs = await this.page.locator(".tab").count();
    await this.page.locator(".tab.active").click({ button: "middle" });
    await eventually("the tab is gone", async () => (await this.page.locator(".tab").count()) === tabs - 1);
  }

  /** The buffer's text as far as it is in view, without the last line end. */
  async text() {
    const lines = await this.page.locator(".editor-instance .view-lines .view-line").evaluateAll((found) =>
      found.map((line) => [Number.parseFloat(line.style.top), line.textContent]).toSorted(([a], [b]) => a - b),
    );
    return lines.map(([, text]) => text.replaceAll("\u00a0", " ")).join("\n");
  }

  /** The number, from 1, of the line that holds a text. */
  async lineOf(text) {
    const number = (await this.text()).split("\n").findIndex((line) => line.includes(text)) + 1;
    if (number === 0) {
      throw new Error(`no line in view holds: ${text}`);
    }
    return number;
  }

  /** The titles of the code actions at the line that holds a text; if there are any, the menu stays open. */
  async actions(text) {
    await this.goTo(await this.lineOf(text));
    const rows = this.page.locator(MENU).locator(".monaco-list-row.action");
    const none = this.page.locator(".monaco-editor-overlaymessage", { hasText: "No code actions" });
    return this.again(async () => {
      await this.press("Control+.");
      await rows.or(none).first().waitFor({ timeout: 3000 });
      return rows.allInnerTexts();
    });
  }

  /** Run a code action by its title at the line that holds a text. */
  async act(text, title) {
    await eventually(`the action '${title}' at '${text}'`, async () => {
      const titles = await this.actions(text);
      if (titles.some((each) => each.includes(title))) {
        return true;
      }
      await this.press("Escape");
      throw new Error(`there are: ${titles.join(" | ")}`);
    });
    const widget = this.page.locator(MENU);
    await widget.locator(".monaco-list-row.action", { hasText: title }).first().click();
    await widget.waitFor({ state: "hidden", timeout: 5000 });
  }

  /** Wait until the active tab is, or is not, marked as unsaved. */
  async dirty(expected) {
    await this.page.locator(`.tab.active${expected ? ".dirty" : ":not(.dirty)"}`).waitFor({ timeout: QUICK });
  }

  async save() {
    await this.press("Control+S");
    await this.dirty(false);
  }

  /** Wait for squiggles of a kind (`error`, `warning`, `info`, `hint`), or for their end. */
  async squiggle(kind, state = "attached") {
    await this.page.locator(`.squiggly-${kind}`).first().waitFor({ state, timeout: QUICK });
  }

  /** Wait for lenses of these titles. */
  async lens(...titles) {
    for (const title of titles) {
      await this.page.locator(".codelens-decoration", { hasText: title }).first().waitFor({ timeout: QUICK });
    }
  }

  /** Point at a text in the editor, and wait for a hover that holds another. */
  async hover(text, expected) {
    await this.page.locator(".view-line span", { hasText: text }).last().hover();
    await this.page.locator(".monaco-hover-content", { hasText: expected }).first().waitFor({ timeout: QUICK });
  }

  async leaveHover() {
    await this.page.mouse.move(0, 0);
    await this.page.locator(".monaco-hover-content").first().waitFor({ state: "hidden", timeout: QUICK });
  }

  /** Wait for an entry of the Problems panel. */
  async problem(text) {
    const panel = this.page.locator(".markers-panel");
    if (!(await panel.isVisible())) {
      await this.press("Control+Shift+M");
    }
    await panel.locator(".monaco-list-row", { hasText: text }).first().waitFor({ timeout: SLOW });
  }

  async closePanel() {
    if (await this.page.locator(".part.panel").isVisible()) {
      await this.press("Control+J");
      await this.page.locator(".part.panel").waitFor({ state: "hidden", timeout: QUICK });
    }
  }

  /** Wait for a message that holds a text, and close it. */
  async toast(text) {
    const toast = this.page.locator(".notification-toast", { hasText: text }).first();
    await toast.waitFor({ timeout: QUICK });
    await toast.hover();
    await toast.locator(".codicon-notifications-clear").click();
    await toast.waitFor({ state: "hidden", timeout: QUICK });
  }

  /** Trust the folder that is open. */
  async trust() {
    await this.command("Workspaces: Manage Workspace Trust");
    await this.page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click();
  }

  /** Take a numbered picture, named by the step; the first one clears away those of the last run. */
  async shot(name) {
    if (this.#shots === 0) {
      rmSync(SHOTS, { recursive: true, force: true });
      mkdirSync(SHOTS, { recursive: true });
    }
    const number = String(++this.#shots).padStart(2, "0");
    await this.page.screenshot({ path: join(SHOTS, `${number}-${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}.png`) });
  }
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
