"""One file a field, in the manner of AWS AppSync: a request that returns an operation, a response that shapes the result."""
