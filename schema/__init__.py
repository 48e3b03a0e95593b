"""The GraphQL API: Strawberry types, one call per field, and how operations are executed."""
