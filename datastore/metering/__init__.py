"""What users use: gathered in the process, flushed to user-quotas about once a second, and recounted."""
