"""What may be read of notification."""
