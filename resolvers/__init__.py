"""One file a field, as in AWS AppSync: a request that returns an operation, a response that shapes the result."""
