"""The services. Each owns its tables; they meet only in the events and requests of `shared.contracts`."""
