"""A server without code actions, for the negative control: the real one, whose answers with actions become empty."""

import json
import subprocess
import sys
from pathlib import Path


def is_actions(message: dict[str, object]) -> bool:
    result = message.get("result")
    return isinstance(result, list) and any("title" in item for item in result if isinstance(item, dict))


server = subprocess.Popen([Path(sys.executable).with_name("specwright"), *sys.argv[1:]], stdout=subprocess.PIPE)
assert server.stdout
while header := server.stdout.readline():
    while (line := server.stdout.readline()).strip():
        header += line
    length = next(int(line.split(b":")[1]) for line in header.splitlines() if line.startswith(b"Content-Length"))
    body = server.stdout.read(length)
    message = json.loads(body)
    if is_actions(message):
        body = json.dumps({**message, "result": []}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sys.stdout.buffer.flush()
sys.exit(server.wait())
