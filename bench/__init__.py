"""Measures what docs/benchmarks.md reports, each figure beside a peer or the bare floor in the same run."""
