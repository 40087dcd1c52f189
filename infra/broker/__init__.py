"""A real Apache Kafka on loopback, for tests, demonstrations and one machine; nothing here speaks to it."""
