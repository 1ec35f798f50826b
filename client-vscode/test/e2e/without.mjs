// A server that lacks something, for the negative controls.  usage: node without.mjs actions|diagnostics PROGRAM WORDS…

import { spawn } from "node:child_process";

const [what, program, ...words] = process.argv.slice(2);
const without = {
  actions: (message) => (message.result?.[0]?.title === undefined ? message : { ...message, result: [] }),
  diagnostics: (message) => {
    const isOurs = message.method === "textDocument/publishDiagnostics";
    return isOurs ? { ...message, params: { ...message.params, diagnostics: [] } } : message;
  },
}[what];

const server = spawn(program, words, { stdio: ["inherit", "pipe", "inherit"] });
let read = Buffer.alloc(0);
server.stdout.on("data", (chunk) => {
  read = Buffer.concat([read, chunk]);
  for (let message = take(); message !== undefined; message = take()) {
    const body = Buffer.from(JSON.stringify(without(JSON.parse(message))));
    process.stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
    process.stdout.write(body);
  }
});
server.on("exit", (code) => (process.exitCode = code ?? 1));

/** The next whole message; undefined until there is one. */
function take() {
  const end = read.indexOf("\r\n\r\n");
  const length = Number(/Content-Length: (\d+)/i.exec(read.subarray(0, Math.max(end, 0)).toString())?.[1]);
  if (end < 0 || read.length < end + 4 + length) {
    return undefined;
  }
  const body = read.subarray(end + 4, end + 4 + length).toString();
  read = read.subarray(end + 4 + length);
  return body;
}
