"""Rosters as people hand them over: sheets read, compared with what is stored, checked against the pack's posts."""
