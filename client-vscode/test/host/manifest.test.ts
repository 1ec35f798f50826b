import assert from "node:assert/strict";
import * as vscode from "vscode";

suite("what the extension says of itself", () => {
  const { capabilities, contributes } = vscode.extensions.getExtension("specwright.specwright")?.packageJSON ?? {};

  test("in a folder that is not trusted it does less, and says what", () => {
    const { supported, description, restrictedConfigurations } = capabilities.untrustedWorkspaces;
    assert.equal(supported, "limited");
    assert.match(description, /Nothing is queued, .* until you trust it/);
    const settings = Object.keys(contributes.configuration.properties);
    assert.deepEqual(restrictedConfigurations, settings); // each names a program
  });

  test("without files there is nothing to work on", () => {
    assert.equal(capabilities.virtualWorkspaces.supported, false);
  });
});
