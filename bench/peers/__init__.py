"""Small servers that do the same kind of work as ours, to measure against."""
