"""Grading: runs in sandboxes, points by hand, the gradebook, published copies."""
