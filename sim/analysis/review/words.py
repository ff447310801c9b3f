"""Words of the review, in Chinese and English."""

from sim.analysis.review.sayings_back import BACK
from sim.analysis.review.sayings_findings import FINDINGS
from sim.analysis.review.sayings_front import FRONT
from sim.analysis.review.sayings_measures import MEASURES

WORDS: dict[str, tuple[str, str]] = FRONT | BACK | FINDINGS | MEASURES
