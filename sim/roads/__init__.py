"""The road network and travel on it: where links are, how long they take now, which way is quickest."""
