"""Extensions of sphinx that make this site."""
