"""Words: stores, in Chinese and English."""

TABLE: dict[str, tuple[str, str]] = {}
