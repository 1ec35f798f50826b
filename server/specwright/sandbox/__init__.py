"""What a command may see."""
