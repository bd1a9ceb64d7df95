"""Eldersim: a simulator of long-term-care beds that starts from a registry."""
