"""Tables that the database keeps, and how it refuses."""

import pytest
from django.db import IntegrityError, connection, transaction

from participants.models import CertificatePicture, CertificatePictureUse

TABLES = {
    "participants_certificate": ["update", "delete"],
    "participants_certificatepaper": ["update", "delete"],
    "participants_certificatecounter": ["update", "delete"],
    "participants_certificatepicture": ["update"],
    "participants_certificatepictureuse": ["update", "delete"],
}


def refused(statement, values=()):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def name_a_picture(certificate):
    picture = CertificatePicture.objects.create(sha256="a" * 64, png=b"", width=1, height=1)
    CertificatePictureUse.objects.create(certificate=certificate, picture=picture)
