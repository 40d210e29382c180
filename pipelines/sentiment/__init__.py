"""STEP 3. Score sentences: ``score(texts, scorer)``."""

from pipelines.sentiment.score import SCORERS, score, scorer_version

__all__ = ["SCORERS", "score", "scorer_version"]
