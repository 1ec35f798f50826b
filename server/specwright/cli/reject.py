"""`specwright reject TASK`"""

from specwright.cli.decide import verb

command = verb(
    accept=False,
    doc="Reject a task's change: all that is pending, or the files and hunks named. Its tree is kept for a while.",
)
