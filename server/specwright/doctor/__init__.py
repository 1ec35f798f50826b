"""Looks whether everything is as tasks need it, says what mends it, and mends what is safe to mend."""
