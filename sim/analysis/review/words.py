"""Words of the review, in Chinese and English."""

from sim.analysis.review.sayings_findings import FINDINGS
from sim.analysis.review.sayings_sections import SECTIONS

WORDS: dict[str, tuple[str, str]] = SECTIONS | FINDINGS
