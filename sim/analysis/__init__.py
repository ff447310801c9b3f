"""Reading a journal: timeline, measures, summary, brief, invariants, pictures, exports. Knows neither engine nor case."""
