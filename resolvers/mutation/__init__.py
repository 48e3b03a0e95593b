"""Resolvers of the Mutation type."""
