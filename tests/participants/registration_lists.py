"""Lists of registrations as files, and how they are uploaded."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participants.imports.registration_table import read
from participants.imports.registrations import try_out

HEADINGS = ["Tandem", "Rolle", "Vorname", "Familienname", "E-Mail-Adresse", "Organisation", "AGS"]
ERIKA = ["1", "Führungskraft", "Erika", "Müller", "erika@stadt.example", "Stadt Göttingen", "03159016"]
JONAS = ["1", "Koordinierungskraft", "Jonas", "Łukasik", "jonas@stadt.example", "Caritas", "03159016"]
NINA = ["", "Koordinierungskraft", "", "Nina", "nina@stadt.example", "Diakonie", "05315000"]


def csv_of(*rows, headings=HEADINGS, separator=";", encoding="utf-8-sig"):
    lines = [separator.join(row) for row in (headings, *rows)]
    return "\r\n".join(lines).encode(encoding)


def xlsx_of(*rows, headings=HEADINGS):
    book = openpyxl.Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def url(cohort):
    return reverse("participants:registration_import", args=[cohort.pk])


def store_url(cohort):
    return reverse("participants:import_store", args=[cohort.pk])


def upload(client, cohort, content, name="liste.csv"):
    return client.post(url(cohort), {"file": SimpleUploadedFile(name, content)})


def store(client, cohort, content, way="ask"):
    trial = upload(client, cohort, content)
    word = trial.context["decision"]["liste"].value()
    return client.post(store_url(cohort), {"liste": word, "way": way}, follow=True)


def problems(cohort, *rows, headings=HEADINGS):
    table = read(csv_of(*rows, headings=headings))
    found = table.misbuilt or try_out(table.rows, cohort, table.problems).problems
    return [(problem.row, problem.column, problem.text) for problem in found]


def changed(row, **cells):
    return [cells.get(heading.replace("-", "_"), cell) for heading, cell in zip(HEADINGS, row, strict=True)]
