"""The only git: the private repository, slots, refs, diffs."""
