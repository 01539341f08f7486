"""Tables as CSV and XLSX: read with care, written so that no cell is ever a formula."""
