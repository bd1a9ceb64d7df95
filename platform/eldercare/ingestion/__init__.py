"""Partner files into the registry: read, mapped by a feed, checked, matched with who is there, applied, and reported."""
