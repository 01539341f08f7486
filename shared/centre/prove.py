"""Proves a pack that comes as plain data, by the same schema and the same checks as one that comes in files."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.centre.check import check_pack
from shared.centre.errors import PackFaulty
from shared.centre.explain_schema import schema_faults
from shared.centre.load import SECTIONS
from shared.centre.locations import Locations, PackPath
from shared.centre.pack import CentrePack

NOTICES = "holidays"
# It has no lines, but each part has the file it would stand in: that is what a fault names.
_PLACES: dict[PackPath, tuple[str, int]] = {
    (section,): (file, 0) for file, sections in SECTIONS.items() for section in sections
}
_FILES = Locations({**_PLACES, ("holiday_years",): (NOTICES, 0)})


def proved(content: Mapping[str, Any]) -> CentrePack:
    """Raises PackFaulty with every fault that can be seen; each names the file and the field."""
    try:
        # Strict, and through JSON: no number passes for a text, while lists become tuples and texts become dates.
        pack = CentrePack.model_validate_json(json.dumps(content), strict=True)
    except ValidationError as misfit:
        raise PackFaulty(tuple(sorted(set(schema_faults(misfit, _FILES, frozenset()))))) from None
    faults = check_pack(pack, _FILES)
    if faults:
        raise PackFaulty(faults)
    return pack
