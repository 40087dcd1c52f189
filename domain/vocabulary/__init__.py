"""The closed lists of words that facts use, one module per family; codes are stored and for ever."""
