"""Intake: whoever receives a case first stays answerable for it until the loop is closed."""
