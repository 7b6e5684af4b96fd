"""What changes several tables, leaves a line in the audit log and sends mail."""
