"""The vocabulary: facts as frozen structs that check only themselves and know nothing of time or randomness."""
