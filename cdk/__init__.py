"""The CDK app: what the tables declared in datastore/ and the server need of AWS."""
