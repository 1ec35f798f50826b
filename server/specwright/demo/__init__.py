"""The whole story, played in a temporary repository."""
