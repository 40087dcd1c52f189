"""The declared topics on a real cluster: what differs, and making it so."""

import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from kafka import KafkaAdminClient, errors
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)

from domain.errors import KetteError
from infra.streams.topic_differences import (
    Cure,
    Difference,
    Found,
    FoundTopic,
    differences,
    lines_of,
    wanted_replicas,
    wanted_settings,
)
from schemas.topics import (
    JOURNEY,
    TOPICS,
    AclLine,
    Topic,
    acl_lines,
    dead_letters,
    generation,
)

_BOOTSTRAP_MS = 5_000
_KNOCK_SECONDS = 3.0
_VISIBLE_SECONDS = 15.0
_ALREADY_THERE = errors.TopicAlreadyExistsError.errno
_Answer = TypeVar("_Answer")
_UNKNOWN = errors.UnknownTopicOrPartitionError.errno


class KafkaUnreachableError(KetteError):
    """No broker answers, or none lets this user in."""

    code = "kafka-unreachable"


class TopicsRefusedError(KetteError):
    """What is asked for would break a topic, or the cluster forbids it."""

    code = "topics-refused"


def declared(number: int = 1) -> tuple[Topic, ...]:
    """Return the topics with those of a later generation; what all generations share is always there."""
    if number == 1:
        return TOPICS
    journey = generation(JOURNEY, number)
    return (*TOPICS, journey, dead_letters(journey))


def declared_lines(topics: Sequence[Topic]) -> list[AclLine]:
    """Return who may do what with the topics, every line once."""
    return lines_of(topics, _lines(topics))


def _lines(topics: Sequence[Topic]) -> dict[str, Sequence[AclLine]]:
    return {topic.name: acl_lines(topic) for topic in topics}


class ClusterTopics:
    """The topics of one cluster.

    Args:
        client: What every client needs: ``bootstrap_servers``, and how to sign in.
    """

    def __init__(self, client: Mapping[str, Any]) -> None:
        self._client = client

    def has_authorizer(self) -> bool:
        """Say whether the cluster keeps rights at all."""
        with self._admin() as admin:
            return _past_the_dead(lambda: _found_lines(admin, ())) is not None

    def differences(self, topics: Sequence[Topic]) -> tuple[Difference, ...]:
        """Return what is not as declared.

        Raises:
            KafkaUnreachableError: If no broker answers.
        """
        with self._admin() as admin:
            return _differing(admin, topics)

    def apply(self, topics: Sequence[Topic]) -> tuple[Difference, ...]:
        """Make what can be made, and return every difference that was there.

        Raises:
            KafkaUnreachableError: If no broker answers.
            TopicsRefusedError: If a number of partitions differs; nothing is changed then.
        """
        with self._admin() as admin:
            found = _past_the_dead(lambda: _found(admin, topics))
            told = differences(topics, _lines(topics), found)
            refused = [str(one) for one in told if one.cure is Cure.REFUSE]
            if refused:
                raise TopicsRefusedError("; ".join(refused))
            missing = {one.topic for one in told if one.cure is Cure.CREATE}
            _create(admin, [one for one in topics if one.name in missing], found.brokers)
            _change(admin, [one for one in told if one.cure is Cure.CHANGE])
            _allow(admin, [one.line for one in told if one.cure is Cure.ALLOW and one.line])
            if any(one.cure is not Cure.LEAVE for one in told):
                self._wait_until_visible(admin, topics)
        return told

    def _wait_until_visible(self, admin: Any, topics: Sequence[Topic]) -> None:
        """Wait until brokers say what the controller has: they follow it a moment later."""
        deadline = time.monotonic() + _VISIBLE_SECONDS
        while left := [one for one in _differing(admin, topics) if one.cure is not Cure.LEAVE]:
            if time.monotonic() > deadline:
                raise TopicsRefusedError(f"not done after {_VISIBLE_SECONDS:.0f} s: {left[0]}")
            time.sleep(0.02)

    @contextmanager
    def _admin(self) -> Iterator[Any]:
        """Yield a new client: one from before a broker was killed stumbles over the old connection."""
        servers = self._client["bootstrap_servers"]
        try:
            _knock(servers)
            admin = KafkaAdminClient(bootstrap_timeout_ms=_BOOTSTRAP_MS, **self._client)
        except (errors.KafkaError, ValueError, OSError) as error:
            raise KafkaUnreachableError(
                f"no Kafka answers at {servers} ({error}); `make kafka-up` starts one, KETTE_KAFKA names another"
            ) from error
        try:
            yield admin
        except errors.AuthorizationError as error:
            raise TopicsRefusedError(f"the cluster at {servers} forbids it: {error}") from error
        except errors.KafkaError as error:
            raise KafkaUnreachableError(
                f"Kafka at {servers} did not do it: {error}; call again when it is well"
            ) from error
        finally:
            admin.close()


def _knock(servers: str) -> None:
    """Raise at once where nobody listens: the client would try for seconds, and leave sockets behind."""
    refusals = []
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _KNOCK_SECONDS).close()
        except (OSError, ValueError) as error:
            refusals.append(error)
        else:
            return
    raise refusals[0]


def _past_the_dead(ask: Callable[[], _Answer]) -> _Answer:
    """Return what a living broker answers: the client may first choose one that has just died.

    Raises:
        KafkaConnectionError: If none answers in time.
    """
    deadline = time.monotonic() + _VISIBLE_SECONDS
    while True:
        try:
            return ask()
        except errors.KafkaConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _differing(admin: Any, topics: Sequence[Topic]) -> tuple[Difference, ...]:
    found = _past_the_dead(lambda: _found(admin, topics))
    return differences(topics, _lines(topics), found)


def _found(admin: Any, topics: Sequence[Topic]) -> Found:
    names = [topic.name for topic in topics]
    brokers = [one for one in admin.describe_cluster()["brokers"] if not one.get("is_fenced")]
    there = {one["name"]: one for one in admin.describe_topics(names) if _is_there(one)}
    existing = [name for name in names if name in there]
    settings = _found_settings(admin, existing)
    return Found(
        len(brokers),
        {name: _found_topic(there[name], settings[name]) for name in existing},
        _found_lines(admin, names),
    )


def _is_there(told: Mapping[str, Any]) -> bool:
    """Say whether a topic exists; what hides it from us is raised."""
    if told["error_code"] not in {0, _UNKNOWN}:
        raise errors.for_code(told["error_code"])(told["name"])
    return bool(told["error_code"] == 0)


def _found_topic(told: Mapping[str, Any], settings: Mapping[str, Any]) -> FoundTopic:
    return FoundTopic(
        partitions=len(told["partitions"]),
        replicas=min((len(one["replica_nodes"]) for one in told["partitions"]), default=0),
        settings={name: one["value"] for name, one in settings.items()},
        overrides=frozenset(
            name for name, one in settings.items() if one["config_source"] == "DYNAMIC_TOPIC_CONFIG"
        ),
    )


def _found_settings(admin: Any, names: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    if not names:
        return {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    told: Mapping[str, Mapping[str, Any]] = admin.describe_configs(asked, config_filter="all")[
        "topic"
    ]
    return told


def _found_lines(admin: Any, names: Sequence[str]) -> frozenset[AclLine] | None:
    """Return the rights on these topics, and those on groups and transactions; None without an authorizer."""
    patterns = [
        ResourcePatternFilter(ResourceType.TOPIC, name, ACLResourcePatternType.MATCH)
        for name in names
    ]
    patterns += [
        ResourcePatternFilter(kind, None, ACLResourcePatternType.ANY)
        for kind in (ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)
    ]
    found: set[AclLine] = set()
    for pattern in patterns:
        asked = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, pattern)
        try:
            rights, _error = admin.describe_acls(asked)
        except errors.SecurityDisabledError:
            return None
        found |= {_line(one) for one in rights}
    return frozenset(found)


def _line(right: Any) -> AclLine:
    """Return a right as a line; one that denies, or holds for one host only, equals no declared line."""
    pattern, is_allowed = right.resource_pattern, right.permission_type is ACLPermissionType.ALLOW
    return AclLine(
        right.principal if right.host == "*" else f"{right.principal} from {right.host}",
        right.operation.name if is_allowed else f"not {right.operation.name}",
        pattern.resource_type.name,
        pattern.resource_name,
        pattern.pattern_type.name,
    )


def _create(admin: Any, topics: Sequence[Topic], brokers: int) -> None:
    """Create topics; one that somebody else created meanwhile is there, which is all that is wanted."""
    if not topics:
        return
    replicas = wanted_replicas(brokers)
    wanted = {
        topic.name: {
            "num_partitions": topic.partitions,
            "replication_factor": replicas,
            "configs": wanted_settings(topic, replicas),
        }
        for topic in topics
    }
    made = admin.create_topics(wanted, raise_errors=False)["topics"]
    for one in made:
        if one["error_code"] not in {0, _ALREADY_THERE}:
            raise TopicsRefusedError(f"{one['name']} was not created: {one['error_message']}")
    admin.wait_for_topics([topic.name for topic in topics])


def _change(admin: Any, told: Sequence[Difference]) -> None:
    """Set what was declared, and take back what was not."""
    changes: dict[str, dict[str, tuple[str, str | None]]] = {}
    for one in told:
        how = ("SET", one.wanted) if one.wanted is not None else ("DELETE", None)
        changes.setdefault(one.topic, {})[one.name] = how
    if not changes:
        return
    asked = [ConfigResource(ConfigResourceType.TOPIC, *one) for one in changes.items()]
    answers = admin.alter_configs(asked, raise_on_unknown=False)["topic"]
    for name, answer in answers.items():
        if answer != "OK":
            raise TopicsRefusedError(f"{name} was not changed: {answer}")


def _allow(admin: Any, lines: Sequence[AclLine]) -> None:
    if not lines:
        return
    failed = admin.create_acls([_right(line) for line in lines])["failed"]
    if failed:
        raise TopicsRefusedError(f"rights were not given: {failed[0].__name__}")


def _right(line: AclLine) -> Any:
    pattern = ResourcePattern(
        ResourceType[line.resource_type], line.resource, ACLResourcePatternType[line.pattern]
    )
    return ACL(line.principal, "*", ACLOperation[line.operation], ACLPermissionType.ALLOW, pattern)
