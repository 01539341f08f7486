"""Pinyin initials of a pack's names: 区人社局 is found by `qrsj`, 欠薪 by `qx`, and by full pinyin, too."""

import json
from itertools import islice, product
from typing import Any

from shared.centre.pack import CentrePack

READINGS_MAX = 8


def _as_it_is(rest: str) -> Any:
    """Digits and letters are typed as they stand."""
    return [[one] for one in rest]


def keys_of(name: str) -> str:
    """Everything it may be typed as, with a blank between: initials (each reading of 重, 行, ...), then full pinyin."""
    from pypinyin import Style, pinyin  # half a second of dictionaries: loaded when the first index is made

    letters = [
        list(dict.fromkeys(one[:1].lower() for one in readings if one))
        for readings in pinyin(name, style=Style.NORMAL, heteronym=True, errors=_as_it_is)
    ]
    initials = ["".join(one) for one in islice(product(*letters), READINGS_MAX)]
    full = "".join(one[0] for one in pinyin(name, style=Style.NORMAL, errors=_as_it_is))
    return " ".join(dict.fromkeys([*initials, full.lower()]))


_made: dict[str, bytes] = {}
KEPT_MAX = 4


def index_of(pack: CentrePack) -> bytes:
    """One JSON for the whole pack, made once for each version: `{units: {code: keys}, categories: .., places: ..}`."""
    if pack.version not in _made:
        if len(_made) >= KEPT_MAX:
            _made.pop(next(iter(_made)))
        _made[pack.version] = _index(pack)
    return _made[pack.version]


def _index(pack: CentrePack) -> bytes:
    names = {
        "units": {one.code: (one.name, one.short, *one.aliases) for one in pack.units},
        "categories": {one.code: (one.name, *one.aliases) for one in pack.categories},
        "places": {one.code: (one.name, *one.aliases) for one in pack.places},
    }
    keys = {
        kind: {code: " ".join(keys_of(name) for name in found) for code, found in codes.items()}
        for kind, codes in names.items()
    }
    return json.dumps(keys, ensure_ascii=False, separators=(",", ":")).encode()
