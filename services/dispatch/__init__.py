"""Dispatch: every case is with exactly one lead unit, for a reason that can be read."""
