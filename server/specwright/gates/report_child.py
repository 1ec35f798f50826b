"""Reads one report from standard input and prints what it says as JSON; runs in a box of its own, with limits."""

import json
import resource
import sys
from dataclasses import asdict

from specwright.gates import junit, sarif
from specwright.gates.records import Report

MEMORY = 256 * 2**20


def main() -> int:
    """`report_child junit|sarif SLOT < report`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    kind, slot = sys.argv[1], sys.argv[2]
    data = sys.stdin.buffer.read()
    try:
        report = junit.read(data) if kind == "junit" else sarif.read(data, slot)
    except MemoryError:
        report = Report(problem="The report needs too much memory to be read.")
    print(json.dumps(asdict(report)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
