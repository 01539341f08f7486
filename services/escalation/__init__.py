"""Escalation: no promise in time passes unnoticed."""
