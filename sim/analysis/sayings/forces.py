"""Words: forces, in Chinese and English."""

TABLE: dict[str, tuple[str, str]] = {}
