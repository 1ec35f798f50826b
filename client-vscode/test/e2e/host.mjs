// Runs test/host inside the extension host and ends with mocha's code.  usage: node host.mjs WORKBENCH_DIR

import { resolve } from "node:path";
import { format } from "node:util";
import { makeProject } from "./project.mjs";
import { start } from "./workbench.mjs";

const EXTENSION = resolve(import.meta.dirname, "../..");
const TIMEOUT = 120_000;

const installation = resolve(process.argv[2] ?? "");
const project = await makeProject();
let finish;
const code = new Promise((done) => (finish = done));
const workbench = await start({
  installation,
  project,
  options: ["--vscode-option", "enable-smoke-test-driver"],
  query: (port) => {
    const at = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
    const payload = { extensionDevelopmentPath: at(EXTENSION), extensionTestsPath: at(`${EXTENSION}/dist/test/index`) };
    return { payload: JSON.stringify(Object.entries(payload)) };
  },
  prepare: async (page) => {
    await page.exposeFunction("codeAutomationLog", (type, words) => console.log(`[${type}]`, format(...words)));
    await page.exposeFunction("codeAutomationExit", finish);
  },
});
const late = setTimeout(() => finish(`no result within ${TIMEOUT} ms`), TIMEOUT);
const result = await code;
clearTimeout(late);
await workbench.stop();
await project.remove();
console.log(result === 0 ? "host tests: passed" : `host tests: failed (${result})`);
process.exitCode = result === 0 ? 0 : 1;
