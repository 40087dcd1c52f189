"""The published language: contracts with other services."""
