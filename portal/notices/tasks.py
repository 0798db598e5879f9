"""Mail, written and sent by the worker."""
