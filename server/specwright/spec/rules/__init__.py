"""The rules: each a small pure function from a spec to problems."""
