"""`specwright retry TASK`"""

from specwright.cli.steps import verb

command = verb("retry", "Run a task again from its base; what it made before is kept.")
