"""Every way in which dispatch says no, by what it is about."""
