"""One async function per verb; each owns its transaction."""
