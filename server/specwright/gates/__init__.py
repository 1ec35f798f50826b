"""What decides a run: commands, reports, detection."""
