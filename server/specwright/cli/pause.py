"""`specwright pause`"""

from specwright.cli.steps import pausing

command = pausing(paused=True, doc="Let nothing begin until `specwright resume`; what runs goes on.")
