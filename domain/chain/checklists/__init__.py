"""What has to be there for a right or a chance: items of law as data, each with its evidence."""
