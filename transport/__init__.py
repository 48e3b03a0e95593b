"""All that is HTTP or WebSocket."""
