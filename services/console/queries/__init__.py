"""Reads: rows to frozen views."""
