"""The only thing services know of each other: events, requests, and who may ask for what."""
