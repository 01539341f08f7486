"""What may be read of dispatch, by what it is about."""
