"""`python -m specwright.testing`: the scripted Messages server, until it is interrupted."""

import argparse
import asyncio
import sys
from pathlib import Path

from specwright.testing.messages_server import MessagesServer
from specwright.testing.scenarios import SCENARIOS, Scenario, read_scenarios


def main() -> int:
    """Serve, and print the URL as the first line. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m specwright.testing", description="A scripted Messages API on loopback.")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--scenario", default="edit", help="what plays when a request names none")
    parser.add_argument("--scenarios", type=Path, metavar="FILE", help="JSON with scenarios of your own")
    parser.add_argument("--list", action="store_true", help="print the names of the scenarios")
    given = parser.parse_args()
    try:
        own = read_scenarios(given.scenarios.read_text()) if given.scenarios else {}
    except (OSError, ValueError) as error:
        parser.error(f"{given.scenarios} can't be used: {error}")
    if given.list:
        print("\n".join(sorted({**SCENARIOS, **own})))
        return 0
    try:
        asyncio.run(_serve(own, given.scenario, given.port))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    return 0


async def _serve(own: dict[str, Scenario], default: str, port: int) -> None:
    async with MessagesServer(own, default=default, port=port) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
