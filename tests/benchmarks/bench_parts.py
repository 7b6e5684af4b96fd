"""The pages on which an edition of 60 modules and 600 units is authored, in milliseconds and queries. Run by name:

pytest tests/benchmarks/bench_parts.py -s
"""

from django.urls import reverse

from curriculum.models import Unit
from tests.benchmarks.bench_editions import LIMIT_MS, edition, measure  # noqa: F401 -- the fixture is used by name


def test_pages_of_the_parts_of_a_large_edition(client, organiser, edition):  # noqa: F811 -- the fixture
    client.force_login(organiser)
    module = edition.modules.first()
    unit = Unit.objects.filter(module=module).first()
    of_edition = ["topic_list", "method_list", "glossary", "module_add", "topic_add", "glossary_add"]
    of_module = ["module_detail", "module_edit", "module_delete", "unit_add", "goal_add"]
    pages = {name: reverse(f"curriculum:{name}", args=[edition.pk]) for name in of_edition}
    pages |= {name: reverse(f"curriculum:{name}", args=[module.pk]) for name in of_module}
    pages |= {name: reverse(f"curriculum:{name}", args=[unit.pk]) for name in ("unit_edit", "unit_delete")}
    pages["topic_delete"] = reverse("curriculum:topic_delete", args=[edition.topics.first().pk])
    pages["glossary_edit"] = reverse("curriculum:glossary_edit", args=[edition.glossary.first().pk])

    print()
    durations = {name: measure(client, name, address) for name, address in pages.items()}

    assert {name: duration for name, duration in durations.items() if duration > LIMIT_MS} == {}
