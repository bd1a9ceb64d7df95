"""The demonstration: a registry of people who do not exist that reproduces the published figures of four cities."""

from eldercare.demonstration.steps import SEED, fill, is_demonstration, is_filled

__all__ = ["SEED", "ensure_tokens", "fill", "is_demonstration", "is_filled"]
from eldercare.demonstration.tokens import ensure as ensure_tokens
