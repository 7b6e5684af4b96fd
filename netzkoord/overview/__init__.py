"""The state of cohorts at a glance, and what is due for organisers.

Reads all apps. The number of queries depends neither on the number of people nor on that of cohorts.
"""

from netzkoord.overview.dues import Due, general_dues, mail_dues
from netzkoord.overview.strips import Feature, Strip, finished_strips, running_strips, strip_of

__all__ = ["Due", "Feature", "Strip", "finished_strips", "general_dues", "mail_dues", "running_strips", "strip_of"]
