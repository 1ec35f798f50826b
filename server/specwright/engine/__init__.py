"""The story: submit, admit, perform, recover, land."""
