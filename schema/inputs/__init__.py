"""What the mutations take, by subject."""
