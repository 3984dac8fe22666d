"""SEAM 3: where copies are graded."""
