"""Who is in a consumer group, and what each member was dealt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient

from infra.streams.subscription import brokers_explained

_SECONDS = 5


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """A member as the broker sees it."""

    id: str
    host: str
    partitions: tuple[int, ...]


def members(bootstrap: str, group: str) -> Sequence[MemberSeen]:
    """Return the members of a group by the partitions that they hold.

    Raises:
        KafkaAwayError: If no broker answers.
    """
    with brokers_explained(bootstrap):
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","), bootstrap_timeout_ms=_SECONDS * 1_000
        )
        try:
            described = admin.describe_groups([group])[group]
        finally:
            admin.close()
    found = [_seen(one) for one in described["members"]]
    return sorted(found, key=lambda one: (one.partitions, one.id))


def _seen(told: Mapping[str, Any]) -> MemberSeen:
    dealt = (told["member_assignment"] or {}).get("assigned_partitions") or ()
    partitions = sorted(one for topic in dealt for one in topic["partitions"])
    return MemberSeen(told["member_id"], told["client_host"].lstrip("/"), tuple(partitions))
