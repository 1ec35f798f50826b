"""Messages, newline-delimited JSON-RPC and the light client of the daemon."""
