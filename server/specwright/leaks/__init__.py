"""What looks like a secret, or is one that we know: found and masked in text. Pure."""
