import pytest

from participants.queries.search import sorted_by_name
from tests import factories


@pytest.mark.django_db
def test_sorted_by_name_as_a_german_list_is_read():
    names = ["Zander", "Özdemir", "Hoffmann", "Häfner", "Łukasik", "Lorenz", "Čech"]
    people = [factories.RegistrationFactory(person__family_name=name) for name in names]

    assert [half.family_name for half in sorted_by_name(people)] == [
        "Čech",
        "Häfner",
        "Hoffmann",
        "Lorenz",
        "Łukasik",
        "Özdemir",
        "Zander",
    ]
