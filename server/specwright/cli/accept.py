"""`specwright accept TASK`"""

from specwright.cli.decide import verb

command = verb(
    accept=True,
    doc="Accept a task's change: all that is pending but files that bear trust, or the files and hunks named. Files "
    "that an editor holds are changed in its buffer; nothing is committed.",
)
