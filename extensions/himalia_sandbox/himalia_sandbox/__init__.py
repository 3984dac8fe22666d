"""Run untrusted code under bubblewrap: own files, own network, limits that hold."""
