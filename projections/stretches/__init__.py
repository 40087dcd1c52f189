"""The stretches of time of a journey, one module per strand; no day decides what they are."""
