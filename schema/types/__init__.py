"""The types of the API, each made from an entity."""
