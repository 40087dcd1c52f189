"""The projections that are kept as tables: a new one is its module and one line here.

``KEPT`` follows the journal embedded, or a consumer group; ``STREAMED`` lives on published facts alone and
follows a consumer group. ``IN_CLEAR`` names the tables that hold values of identity, sensitive or notes: the
only places where such a value stands in clear on a disk.
"""

from projections.addresses import ADDRESSES
from projections.caseload import CASELOAD
from projections.consultations import CONSULTATIONS
from projections.gaps import GAPS
from projections.history import History
from projections.household import HOUSEHOLD
from projections.projection import Projection
from projections.register import REGISTER
from projections.stations import STATIONS, Way
from projections.status import STATUS
from projections.timeline import TIMELINE

STREAMED: tuple[Projection[Way], ...] = (STATIONS,)
KEPT: tuple[Projection[History], ...] = (
    TIMELINE,
    STATUS,
    GAPS,
    CASELOAD,
    REGISTER,
    HOUSEHOLD,
    ADDRESSES,
    CONSULTATIONS,
)
IN_CLEAR: frozenset[str] = frozenset(one.name for one in KEPT if one.in_clear)
