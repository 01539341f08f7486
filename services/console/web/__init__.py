"""The only HTTP edge: pages, forms and the live stream, as whoever is signed in."""
