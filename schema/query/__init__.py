"""The fields of the Query type, by subject."""
