"""The fields of the Mutation type, by subject."""
