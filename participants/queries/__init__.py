"""Reads over several tables, for pages, documents and mails."""
