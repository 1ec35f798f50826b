"""Places of our own files, and reading and writing files safely."""
