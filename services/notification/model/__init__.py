"""The nouns of notification with their verbs."""

from services.notification.model.base import SPINE, Base

__all__ = ["SPINE", "Base"]
