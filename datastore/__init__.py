"""The datastore: one DynamoDB single-table design, its operations as values, and what runs them."""
