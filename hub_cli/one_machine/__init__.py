"""What `himalia up` prepares before it hands over to the supervisor."""
