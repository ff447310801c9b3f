"""The laws of the simulated world, each judged from the journal alone."""
