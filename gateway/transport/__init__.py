"""How requests arrive and answers leave: HTTP, server-sent events, WebSocket. What they ask for is the pipeline's."""
