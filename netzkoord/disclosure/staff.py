"""What somebody has done as organiser or trainer: that, and when – not to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from curriculum.models import SelectionRule
from evaluation.models import Recommendation, RecommendationDecision, Step
from netzkoord.disclosure.belonging import Belonging
from netzkoord.disclosure.shapes import Column, Section, Table, Value
from netzkoord.models import MailText, User
from participants.models import (
    Achievement,
    Attendance,
    Certificate,
    CertificateDesign,
    CheckIn,
    Issuance,
    MadeUpTime,
    MailSkip,
    Merge,
    NotDuplicate,
    Note,
    Offer,
    SelectionDraft,
    SelectionOverride,
    StatusChange,
    Tandem,
)


@dataclass(frozen=True)
class Deed:
    """A field that says who has done something, and the one that says when; empty where no moment is kept."""

    model: type[Model]
    by: str
    at: str
    words: str
    # Rows that stand elsewhere already.
    without: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.by}"

    def rows(self, person: User) -> list[tuple[Value, ...]]:
        done = self.model._default_manager.filter(**{self.by: person}).exclude(**self.without).order_by("-pk")
        moments = done.values_list(self.at, flat=True) if self.at else [None] * done.count()
        return [(self.words, moment) for moment in moments]


DEEDS = (
    Deed(Achievement, "recorded_by", "recorded_at", "Leistung eingetragen"),
    Deed(MadeUpTime, "recorded_by", "recorded_at", "nachgeholte Zeit eingetragen"),
    Deed(Attendance, "changed_by", "changed_at", "Anwesenheit eingetragen", {"is_self_reported": True}),
    Deed(Certificate, "issued_by", "issued_at", "Bescheinigung ausgestellt"),
    Deed(CertificateDesign, "changed_by", "changed_at", "Bescheinigungen gestaltet"),
    Deed(CheckIn, "opened_by", "opened_at", "Selbsteintrag geöffnet"),
    Deed(Issuance, "issued_by", "issued_at", "Bescheinigungen gemeinsam ausgestellt"),
    Deed(MailSkip, "skipped_by", "skipped_at", "Mails zu einem Termin ausgelassen"),
    Deed(MailText, "changed_by", "changed_at", "Mailtext geändert"),
    Deed(Merge, "merged_by", "merged_at", "Anmeldungen zusammengeführt"),
    Deed(NotDuplicate, "stored_by", "stored_at", "Verwechslung ausgeschlossen"),
    Deed(Note, "written_by", "written_at", "Notiz geschrieben"),
    Deed(Offer, "made_by", "made_at", "Platz angeboten"),
    Deed(Recommendation, "decided_by", "decided_on", "über eine Empfehlung entschieden"),
    Deed(RecommendationDecision, "decided_by", "decided_at", "Entscheidung über eine Empfehlung festgehalten"),
    Deed(SelectionDraft, "changed_by", "changed_at", "Entwurf einer Auswahl geändert"),
    Deed(SelectionOverride, "stored_by", "stored_at", "Entscheidung vorbereitet"),
    Deed(SelectionRule, "lot_drawn_by", "lot_drawn_at", "Los gezogen"),
    Deed(StatusChange, "changed_by", "changed_at", "über ein Tandem entschieden"),
    Deed(Step, "by", "", "Schritt an einer Kartenwand"),
    Deed(Tandem, "exception_by", "exception_at", "Ausnahme vom Tandem zugelassen"),
)


def section(own: Belonging) -> Section:
    rows = [row for deed in DEEDS for row in deed.rows(own.person)]
    columns = (Column("deed", "Was"), Column("at", "Wann"))
    return Section(
        "deeds",
        "Was Sie für die Fortbildung getan haben",
        "von Ihnen; festgehalten, damit nachvollziehbar bleibt, wer entschieden hat",
        [Table("deeds", "Vorgänge unter Ihrem Namen", columns, rows)],
    )
