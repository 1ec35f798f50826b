import assert from "node:assert/strict";
import { label, sentence } from "../../src/foreign";

suite("text of others", () => {
  test("makes no icon and no link in a label, and one line", () => {
    const text = "$(trash) [Fix](command:workbench.action.terminal.new)\nnow";
    assert.equal(label(text), "$ (trash) [Fix] (command:workbench.action.terminal.new) now");
  });
  test("makes no link in a sentence, whose lines stay", () => {
    assert.equal(sentence("Which?\n[this](command:x)"), "Which?\n[this] (command:x)");
  });
  test("is otherwise as it was written", () => {
    const text = "Use `a[0](b)`? 漢字 👍 $x (y)";
    assert.equal(label(text), "Use `a[0] (b)`? 漢字 👍 $x (y)");
    assert.equal(sentence("plain – $(x)"), "plain – $(x)");
  });
});
