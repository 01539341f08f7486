"""Measurements of the product as it is installed: each starts the real thing and says on which machine."""
