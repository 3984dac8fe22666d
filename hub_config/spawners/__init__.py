"""SEAM 1: how a person's server is started; `local` on one machine."""
