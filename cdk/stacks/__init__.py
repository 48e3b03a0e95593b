"""What is deployed and destroyed as one: the data, its monitoring, the service."""
