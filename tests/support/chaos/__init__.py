"""Outages on purpose: the centre as processes of their own, what is killed and when, and what must hold afterwards."""
