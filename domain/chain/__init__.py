"""The Integrationskette: from facts to derived states, from rules to intervals."""
