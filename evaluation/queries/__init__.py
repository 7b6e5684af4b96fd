"""Reads several tables for a page or a report."""
