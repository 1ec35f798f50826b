"""Which requests there are: the type of their parameters and of their answer."""

from specwright.api import messages as m
from specwright.api import news, setup
from specwright.api import views as v

DAEMON: dict[str, tuple[type, type]] = {
    "hello": (m.Hello, m.Welcome),
    "queue": (m.Queue, m.Queued),
    "notices": (m.JustQueued, m.Sentences),
    "list": (m.ListTasks, v.Listing),
    "show": (m.TaskNamed, v.TaskView),
    "marks": (m.ListTasks, v.Marks),
    "result": (m.TaskNamed, v.Result),
    "decide": (m.Decide, m.Decided),
    "record": (m.Record, m.Decided),
    "revise": (m.Revise, v.TaskLine),
    "cancel": (m.TaskNamed, v.TaskLine),
    "retry": (m.TaskNamed, v.TaskLine),
    "pause": (m.Pause, v.Status),
    "reorder": (m.Reorder, m.Order),
    "diff": (m.DiffOf, m.AsFile),
    "log": (m.LogOf, m.LogFiles),
    "events": (news.EventsOf, news.Events),
    "window/open": (m.OpenFile, m.Empty),
    "window/close": (m.ClosedFile, m.Empty),
    "window/saved": (m.SavedFile, m.Empty),
    "window/specs": (m.SpecsSeen, m.Empty),
    "init": (setup.Folder, setup.Proposal),
    "rehearse": (setup.Folder, setup.Rehearsal),
    "consent": (setup.Folder, setup.ConsentList),
    "agree": (setup.Agree, setup.ConsentList),
    "gc": (m.Collect, v.Storage),
    "status": (m.Empty, m.DaemonStatus),
    "replace": (m.Replace, m.Credentials),
    "stop": (m.Empty, m.Empty),
}
"""What a client asks the daemon."""

WINDOW: dict[str, tuple[type, type]] = {
    "window/apply": (m.ApplyInWindow, m.AppliedInWindow),
    "window/tell": (news.Notice, m.Empty),
}
"""What the daemon asks a window."""

NOTIFICATIONS: dict[str, type] = {
    "changed": m.Changed,
    "progress": setup.Progress,
    "step": news.Step,
    "ending": m.Empty,
}
"""What the daemon tells a client."""

MEANING: dict[str, str] = {
    "hello": "Say who is there. The first request of a connection.",
    "queue": "Make tasks of specs; answered when they are durable.",
    "notices": "What to know of tasks that were just queued, such as uncommitted changes in their scope.",
    "list": "The newest tasks of a checkout.",
    "show": "One task whole, of any checkout.",
    "marks": "The newest tasks of a checkout with what it takes to find their specs again in live buffers.",
    "result": "What a task's last run changed, with what was decided so far.",
    "decide": "Accept or reject hunks, in the windows that hold their files and on disk.",
    "record": "A window tells what it accepted or rejected in its own buffers.",
    "revise": "Send a task back with remarks, or answer its question.",
    "cancel": "End a task that waits or runs.",
    "retry": "Run a task again from its base.",
    "pause": "Let nothing begin from now on, or let it begin again; what runs goes on.",
    "reorder": "Put a waiting task somewhere else in the queue.",
    "diff": "The unified diff of a task's last run against its base.",
    "log": "Where the events of a run lie.",
    "events": "A run's events from an offset on; with `wait`, answered when there are some. So a run is followed.",
    "window/open": "The window holds a file now, or its buffer differs from the disk now.",
    "window/close": "The window no longer holds a file.",
    "window/saved": "The window saved a file.",
    "window/specs": "The specs of open tasks are somewhere else now, or are called by other names.",
    "init": "What a `specwright.toml` for this checkout would say; writes nothing.",
    "rehearse": "Run set-up and every gate once on HEAD; `progress` tells of each step.",
    "consent": "What this checkout's files would run, and whether the user agreed to that.",
    "agree": "Agree to exactly the list that was shown.",
    "gc": "What tasks take on the disk and what of it may be deleted; deletes it where that is wanted.",
    "status": "The daemon itself.",
    "replace": "A newer program wants the place: nothing more is begun, runs stop at the end of their turn (after 60 s "
    "at most), the daemon ends. Answered in every protocol, with the key that the daemon has in memory.",
    "stop": "End the daemon; runs go on at the next start.",
    "window/apply": "Accept or reject hunks on the live buffers of a file that the window holds.",
    "window/tell": "Show the person a sentence; asked of one window that shows the checkout, answered once shown.",
    "changed": "Sent to every client after each change.",
    "ending": "The daemon ends because somebody asked it to; nobody needs to start another.",
    "progress": "Sent to the client that asked, before each step of something that takes over a second.",
    "step": "Sent to each window that shows the checkout of a run, when the run goes on to a phase, a turn or a gate.",
}
"""What each request and notification is for, a sentence each."""
