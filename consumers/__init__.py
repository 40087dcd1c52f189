"""What follows the journal and keeps readings up to date."""
