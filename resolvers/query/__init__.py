"""Resolvers of the Query type."""
