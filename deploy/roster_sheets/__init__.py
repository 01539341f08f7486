"""Rosters as people keep them: a sheet (CSV or XLSX) with a row for each post's place, read, compared and written."""
