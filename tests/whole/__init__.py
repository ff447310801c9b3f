"""Tests of the whole: engine, cases and journals together."""
