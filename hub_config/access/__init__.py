"""Who may do what: roles, rights, scopes and the launch specification; pure, no I/O."""
