"""Every way in which notification says no."""
