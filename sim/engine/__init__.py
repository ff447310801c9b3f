"""The engine: processes over a journal. The only user of SimPy."""
