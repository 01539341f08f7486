"""A real PostgreSQL and a real NATS server, started from wheels in one data folder, for as long as one program runs."""
