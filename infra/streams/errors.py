"""What can go wrong between a reader and the brokers, said so that a person can act on it."""

from domain.errors import KetteError


class KafkaAwayError(KetteError):
    """No broker answers, or not in time."""

    code = "kafka-away"


class TopicMissingError(KetteError):
    """The topic is not there, or must not be seen."""

    code = "no-topic"


class TopicLostError(KetteError):
    """What was to be read next is no longer there, or the topic is another of the same name."""

    code = "topic-lost"


class GroupError(KetteError):
    """The tables of a consumer group and the command do not fit each other."""

    code = "group"


class RowsRefusedError(KetteError):
    """The database does not take a row; the others of the batch are not to blame."""

    code = "rows-refused"
