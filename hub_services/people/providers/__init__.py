"""How each kind of provider speaks: one file per protocol."""
