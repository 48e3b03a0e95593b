"""One resolver run from a JSON context, without server or table: AppSync's EvaluateCode, offline."""
