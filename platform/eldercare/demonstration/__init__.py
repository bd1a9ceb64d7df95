"""The demonstration registry: synthetic people and facilities that reproduce the published figures."""
