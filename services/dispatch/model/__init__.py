"""The nouns of dispatch with their verbs: each checks, changes and returns the events that tell of it."""

from services.dispatch.model.base import SPINE, Base
from services.dispatch.model.called_unit import CalledUnit
from services.dispatch.model.case import RoutedCase
from services.dispatch.model.summons import Summons
from services.dispatch.model.work_order import Graded, WorkOrder, WorkOrderReport

__all__ = ["SPINE", "Base", "CalledUnit", "Graded", "RoutedCase", "Summons", "WorkOrder", "WorkOrderReport"]
