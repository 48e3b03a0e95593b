"""Resolvers of the User type."""
