"""Dispatch strategies: a picture in, orders out. One file a strategy, the file's name is its name; `_` files are shared."""
