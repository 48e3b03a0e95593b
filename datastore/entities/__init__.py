"""What is stored: one entity a module, each validated on the way in and on the way out."""
