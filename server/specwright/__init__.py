"""Specwright: a language server for asynchronous code generation."""

__version__ = "0.1.0"
