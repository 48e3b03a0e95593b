"""Resolvers of the Namespace type."""
