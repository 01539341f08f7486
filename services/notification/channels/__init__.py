"""The ways to reach a post. Each is a plug-in that knows one kind of address."""
