"""The gap rules, one record each, one module per field; :mod:`domain.chain.catalogue` collects them."""
