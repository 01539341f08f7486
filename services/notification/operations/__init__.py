"""One async function per verb; each is one transaction."""
