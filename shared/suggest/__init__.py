"""The likeliest categories of a typed matter: by the pack's keywords and by what a centre's people chose before.

Pure but for `training`, which is a program of its own: it alone needs scikit-learn, for seconds, and ends.
"""

from shared.suggest.blend import SUGGESTED_MAX, Suggested, suggest
from shared.suggest.keywords import Keywords
from shared.suggest.learned import Learned, enough
from shared.suggest.private import without_persons

__all__ = ["SUGGESTED_MAX", "Keywords", "Learned", "Suggested", "enough", "suggest", "without_persons"]
