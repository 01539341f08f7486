"""A roster sheet's rows by column, from the content of a file."""

from shared.rosters.columns import BY_HEADING
from shared.sheets.csv_rows import FileUnreadable, NumberedRow
from shared.sheets.tables import table_of

__all__ = ["FileUnreadable", "NumberedRow", "rows_of"]


def rows_of(name: object, raw: bytes) -> list[NumberedRow]:
    """Numbered as a spreadsheet numbers them; empty cells left out. `name` is for words. Raises FileUnreadable."""
    table = table_of(name, raw)
    columns = _columns(name, table.columns)
    return [(number, {columns[each]: cell for each, cell in row.items() if cell}) for number, row in table.rows]


def _columns(name: object, heading: tuple[str, ...]) -> dict[str, str]:
    unknown = [each for each in heading if each.strip().lower() not in BY_HEADING]
    if unknown:
        known = ", ".join(f"{column} ({word})" for word, column in BY_HEADING.items() if word != column)
        raise FileUnreadable(f"{name}: a roster sheet has no columns {', '.join(unknown)}; it has {known}")
    columns = {each: BY_HEADING[each.strip().lower()] for each in heading}
    if len(set(columns.values())) != len(heading):
        raise FileUnreadable(f"{name} names a column twice: {', '.join(heading)}")
    return columns
