"""The projections that are kept as tables: a new one is its module and one line here."""

from projections.caseload import CASELOAD
from projections.gaps import GAPS
from projections.history import History
from projections.projection import Projection
from projections.register import REGISTER
from projections.status import STATUS
from projections.timeline import TIMELINE

KEPT: tuple[Projection[History], ...] = (TIMELINE, STATUS, GAPS, CASELOAD, REGISTER)
