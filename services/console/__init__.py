"""Each person sees what is theirs to do, now."""
