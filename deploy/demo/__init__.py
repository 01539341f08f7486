"""The demo: a simulated centre whose actors know the product by its public requests only."""
