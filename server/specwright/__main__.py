"""`specwright`: goes to the language server, the daemon, the demo or the command line."""

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from specwright.api.views import Checkup


def main() -> int:
    """The exit code of the whole program."""
    words = sys.argv[1:]
    if not sys.stdin or not sys.stdout:  # closed by whoever started us; every print would raise
        return 3
    gc.disable()  # looking through all that is imported costs a tenth of the start; each turns it on again
    if words[:1] == ["lsp"] and "--help" not in words:
        from specwright.lsp.server import main as lsp

        return lsp()
    if words[:2] == ["daemon", "run"] and "--help" not in words:
        from specwright.daemon.server import main as daemon

        gc.enable()
        return daemon(words[2:])
    if words[:1] == ["demo"]:
        from specwright.demo.story import main as demo

        gc.enable()
        return demo(words[1:])
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]
    from specwright.cli.app import main as cli

    return cli(words, _examine)


def _examine(may: "Callable[[str], bool] | None") -> "Checkup":
    """What `doctor` calls: no view looks at the store or at git by itself."""
    from specwright.doctor.examine import examine

    return examine(may)


if __name__ == "__main__":
    sys.exit(main())
