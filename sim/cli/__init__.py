"""The command line: each command a few lines that call the floors below. Nothing heavy is imported to show help."""
