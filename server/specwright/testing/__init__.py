"""A scripted Messages server; shipped for tests."""
