"""What a journey is: facts, vocabularies, the journal's port and the Integrationskette itself."""
