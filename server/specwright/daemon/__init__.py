"""The one process per user that owns the store, the schedule and the agents."""
