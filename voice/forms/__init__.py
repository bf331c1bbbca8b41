"""Forms of the voice rooms."""
