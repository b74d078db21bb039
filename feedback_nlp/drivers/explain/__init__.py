"""The answer in words: reasons, evidence, limits, in four languages."""
