"""`specwright cancel TASK`"""

from specwright.cli.steps import verb

command = verb("cancel", "Cancel a task that waits or runs; returns when its processes are gone. Its tree is kept.")
