"""What writes the change: the tool layer, the scripted agent and the Anthropic loop."""
