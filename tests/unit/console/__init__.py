"""Facts about the console's verbs and policy."""
