"""The only SQL, and the event files beside it."""
