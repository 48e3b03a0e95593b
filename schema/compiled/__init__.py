"""Runs GraphQL operations by a plan made once for each, with answers that can't be told from graphql-core's."""
