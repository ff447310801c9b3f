"""The doors: what may stand in each kind of file, and what the program makes of it."""
