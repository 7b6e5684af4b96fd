"""Each certificate gets its cohort, its person and its issuance; its PDF becomes a paper of its own."""

import hashlib

from django.db import migrations

HEADINGS = {"ATTENDANCE": "Teilnahmebescheinigung"}


def fill(apps, schema_editor):
    Certificate = apps.get_model("participants", "Certificate")
    CertificatePaper = apps.get_model("participants", "CertificatePaper")
    Issuance = apps.get_model("participants", "Issuance")
    issuances = {}
    for certificate in Certificate.objects.select_related("registration").order_by("year", "ordinal").iterator():
        cohort = certificate.registration.cohort_id
        key = (cohort, certificate.issued_at, certificate.issued_by_id)
        if key not in issuances:
            issuances[key] = Issuance.objects.create(
                cohort_id=cohort, issued_at=certificate.issued_at, issued_by_id=certificate.issued_by_id
            )
        content = {"heading": HEADINGS[certificate.kind]} | certificate.content
        Certificate.objects.filter(pk=certificate.pk).update(
            cohort_id=cohort,
            person_id=certificate.registration.person_id,
            issuance=issuances[key],
            content=content,
        )
        if certificate.pdf:
            pdf = bytes(certificate.pdf)
            sha256 = hashlib.sha256(pdf).hexdigest()
            CertificatePaper.objects.create(
                certificate_id=certificate.pk, pdf=pdf, sha256=sha256, made_at=certificate.issued_at
            )


def join(apps, schema_editor):
    Certificate = apps.get_model("participants", "Certificate")
    for paper in apps.get_model("participants", "CertificatePaper").objects.iterator():
        Certificate.objects.filter(pk=paper.certificate_id).update(pdf=bytes(paper.pdf))


class Migration(migrations.Migration):
    dependencies = [("participants", "0023_certificates_and_their_papers")]

    operations = [migrations.RunPython(fill, join)]
