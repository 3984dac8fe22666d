"""The one settings model: read from `himalia.yaml` on one machine, from chart values in a cluster."""
