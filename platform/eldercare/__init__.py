"""Eldercare: one registry of older people and of everything that cares for them."""
