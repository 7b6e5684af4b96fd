#!/usr/bin/env python3
"""Placeholder until the bootstrap is in place."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netzkoord.settings")
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
