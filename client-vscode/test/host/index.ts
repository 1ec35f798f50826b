// Runs the tests beside it with mocha; rejects if one failed.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

export function run(): Promise<void> {
  const mocha = new Mocha({ ui: "tdd", color: false, timeout: 30_000 });
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith(".test.js")) {
      mocha.addFile(join(__dirname, file));
    }
  }
  return new Promise((done, failed) => {
    mocha.run((failures) => (failures > 0 ? failed(new Error(`${failures} tests failed`)) : done()));
  });
}
