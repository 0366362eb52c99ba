"""The installed command, run as a user runs it, against the sample site."""
