"""The processes that stay: web, worker, and both in one."""
