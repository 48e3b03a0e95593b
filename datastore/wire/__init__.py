"""DynamoDB's wire protocol on asyncio: what of an AWS SDK the store needs, at a fraction of its cost."""
