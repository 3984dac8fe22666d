"""nbgrader's exchange over HTTP: the messages, the client, the plugin."""
