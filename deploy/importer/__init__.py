"""Platform pushes from CSV files."""
