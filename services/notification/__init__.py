"""Each notice reaches a person, or says why not."""
