"""Every fact, one frozen class each, one module per family; the registry finds them by itself."""
