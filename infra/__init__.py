"""The machinery: PostgreSQL, spreadsheets, metrics, municipality files."""
