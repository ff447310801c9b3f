"""The truth: the journal of events, the world as their fold, and what posts believe."""
