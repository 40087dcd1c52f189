"""What can keep the broker from running, said so that a person can act on it."""

from domain.errors import KetteError


class BrokerError(KetteError):
    """Kafka cannot be fetched, started or stopped here."""

    code = "broker"
