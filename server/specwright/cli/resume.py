"""`specwright resume`"""

from specwright.cli.steps import pausing

command = pausing(paused=False, doc="Let what waits begin again after `specwright pause`.")
