"""Pages of the voice rooms."""
