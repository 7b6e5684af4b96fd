"""What is handed out as a file."""

import pytest

from netzkoord.lib.downloads import attachment


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("Zertifikat-2026-00001.pdf", 'attachment; filename="Zertifikat-2026-00001.pdf"'),
        ("Größe.pdf", "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf"),
        ('a"b.pdf', 'attachment; filename="a\\"b.pdf"'),
    ],
)
def test_attachment_is_saved_under_its_name_and_kept_by_nobody_else(name, disposition):
    response = attachment(b"%PDF", name=name, content_type="application/pdf")

    assert response.content == b"%PDF"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == disposition
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Content-Type-Options"] == "nosniff"
