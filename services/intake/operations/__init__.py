"""One function per verb of intake; each is one transaction."""
