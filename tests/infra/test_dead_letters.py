"""Dead letters: whatever the brokers do not take is waited for, never a crash."""

from typing import NoReturn

import pytest
from kafka import errors
from typing_extensions import override

from domain.arrived import Arrived, Kept
from infra.streams.dead_letters import DeadLetterTopic
from infra.streams.errors import KafkaAwayError


class AwayAfterRefusal(DeadLetterTopic):
    """A topic that refuses a record as too large, and is away when only its coordinates are sent."""

    @override
    def _send(self, raw: Arrived, reason: str) -> NoReturn:
        raise errors.MessageSizeTooLargeError

    @override
    def _send_coordinates(self, raw: Arrived, reason: str) -> NoReturn:
        raise errors.KafkaTimeoutError


def test_a_topic_that_goes_away_after_a_refusal_is_waited_for() -> None:
    letters = AwayAfterRefusal("127.0.0.1:1", "t.dlq")
    with pytest.raises(KafkaAwayError, match=r"t\.dlq takes no dead letter"):
        letters.put(Kept("t", 0, 1, b"k", b"v", []), "why")
