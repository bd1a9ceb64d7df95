"""The entities, and the only ways to read and write them."""
