"""What is told upward and worked off: indicators, returns and lists of work, each declared once over the registry."""
