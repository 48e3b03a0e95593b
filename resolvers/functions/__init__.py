"""Steps that pipeline resolvers share."""
