"""What speaks to Kafka: the only room that knows a broker."""
