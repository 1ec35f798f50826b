"""Which requests there are: the type of their parameters and of their answer."""

from specwright.api import messages as m

DAEMON: dict[str, tuple[type, type]] = {
    "hello": (m.Hello, m.Welcome),
    "queue": (m.Queue, m.Queued),
    "notices": (m.TasksNamed, m.Sentences),
    "list": (m.ListTasks, m.TaskList),
    "show": (m.TaskNamed, m.TaskView),
    "marks": (m.ListTasks, m.Marks),
    "result": (m.TaskNamed, m.Result),
    "decide": (m.Decide, m.Decided),
    "record": (m.Record, m.Decided),
    "revise": (m.Revise, m.TaskLine),
    "cancel": (m.TaskNamed, m.TaskLine),
    "retry": (m.TaskNamed, m.TaskLine),
    "diff": (m.DiffOf, m.AsFile),
    "log": (m.LogOf, m.LogFiles),
    "window/open": (m.OpenFile, m.Empty),
    "window/close": (m.ClosedFile, m.Empty),
    "window/saved": (m.SavedFile, m.Empty),
    "init": (m.Folder, m.Proposal),
    "rehearse": (m.Folder, m.Rehearsal),
    "consent": (m.Folder, m.ConsentList),
    "agree": (m.Agree, m.ConsentList),
    "status": (m.Empty, m.DaemonStatus),
    "stop": (m.Empty, m.Empty),
}
"""What a client asks the daemon."""

WINDOW: dict[str, tuple[type, type]] = {
    "window/apply": (m.ApplyInWindow, m.AppliedInWindow),
}
"""What the daemon asks a window."""

NOTIFICATIONS: dict[str, type] = {
    "changed": m.Changed,
    "progress": m.Progress,
    "ending": m.Empty,
}
"""What the daemon tells a client."""
