"""The supervisor of one machine: starts the processes, restarts those that die. Standard library only, to stay small."""
