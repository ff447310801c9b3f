"""Dynamic models of accidents, one folder each; the folder name is the nature of the incident (性质)."""
