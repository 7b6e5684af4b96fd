"""Why other tables do not stand in an information: one reason for each, so that none is forgotten.

`UNTOLD` are the reasons that the person reads; the rest concerns nobody in particular.
"""

from collections.abc import Mapping

CONTENT = "sagt, was gelehrt wird, und betrifft keine einzelne Person"
ASKED = "sagt, was gefragt wird, und betrifft keine einzelne Person"
OF_THE_COHORT = "gilt für einen ganzen Durchgang"
OF_THE_WALL = "hängt ohne Namen an einer Wand; wer es war, ist nicht gespeichert"
ANONYMOUS = "ist anonym; nichts führt von einer Person dorthin"
SUMS = "ist eine Summe über viele"
OF_THE_SERVER = "gehört dem Betrieb des Servers"
PAPER = "ist das PDF einer Bescheinigung; Sie laden es auf Ihrer Startseite herunter"
PICTURE_USE = "nennt ein Bild auf einer Bescheinigung; die steht in der Auskunft"
RIGHTS = "sagt, was eine Rolle darf"

REASONS: Mapping[str, str] = {
    # the frame, and what comes with its packages
    "netzkoord.AuditEvent": "steht als Protokoll da, ohne die Einzelheiten, die andere betreffen können",
    "netzkoord.LegalPage": CONTENT,
    "netzkoord.Heartbeat": OF_THE_SERVER,
    "netzkoord.Installation": OF_THE_SERVER,
    "netzkoord.MailText": CONTENT,
    "account.EmailConfirmation": "wird nicht gebraucht; Adressen bestätigt man mit persönlichen Links",
    "auth.Group": RIGHTS,
    "auth.Permission": RIGHTS,
    "contenttypes.ContentType": OF_THE_SERVER,
    "sessions.Session": "gehört einem Browser und endet von selbst; nach Personen lässt sich dort nicht suchen",
    "django_tasks_database.DBTaskResult": "sind Aufgaben des Servers, die nach kurzer Zeit gelöscht werden",
    "post_office.Log": OF_THE_SERVER,
    "post_office.EmailTemplate": OF_THE_SERVER,
    "post_office.Attachment": "wird nicht gebraucht; Mails haben keine Anhänge",
    # curriculum
    **dict.fromkeys(
        (
            "curriculum.Programme",
            "curriculum.Edition",
            "curriculum.Aim",
            "curriculum.Track",
            "curriculum.Topic",
            "curriculum.Method",
            "curriculum.GlossaryTerm",
            "curriculum.Module",
            "curriculum.LearningGoal",
            "curriculum.Unit",
            "curriculum.ResponsibilityLevel",
            "curriculum.CompetenceArea",
            "curriculum.Competence",
            "curriculum.CompetenceProfile",
            "curriculum.TandemProfile",
            "curriculum.Venue",
            "curriculum.AgendaItem",
        ),
        CONTENT,
    ),
    **dict.fromkeys(
        (
            "curriculum.Cohort",
            "curriculum.Session",
            "curriculum.SessionDay",
            "curriculum.RemovedDay",
            "curriculum.SelectionRule",
            "curriculum.SelectionCriterion",
            "participants.CheckIn",
            "participants.MailRule",
            "participants.MailSkip",
            "participants.SelectionDraft",
            "evaluation.SurveyRule",
            "evaluation.Survey",
        ),
        OF_THE_COHORT,
    ),
    # participants
    "participants.Municipality": "ist ein Ort",
    "participants.CertificateCounter": SUMS,
    "participants.CertificateDesign": OF_THE_COHORT,
    "participants.CertificatePaper": PAPER,
    "participants.CertificatePictureUse": PICTURE_USE,
    "participants.CertificatePicture": "ist ein Logo oder eine Unterschrift auf Papieren, ohne ein Konto dazu",
    "participants.DesignSignatory": "nennt, wer Bescheinigungen unterschreibt, ohne ein Konto dazu",
    "participants.Issuance": OF_THE_COHORT,
    "participants.PaperTrouble": "sagt, warum ein PDF noch fehlt, und ist weg, sobald es da ist",
    # evaluation
    **dict.fromkeys(
        ("evaluation.Questionnaire", "evaluation.Section", "evaluation.Question", "evaluation.Option"), ASKED
    ),
    "evaluation.Participation": "steht bei den Erhebungen als „Beantwortet“",
    **dict.fromkeys(
        (
            "evaluation.Envelope",
            "evaluation.Response",
            "evaluation.Answer",
            "evaluation.ResponsePair",
            "evaluation.SealedCodes",
            "evaluation.PaperSheet",
        ),
        ANONYMOUS,
    ),
    "evaluation.Draft": "ist verschlüsselt, und nichts in der Tabelle sagt, von wem es ist; nur wer den Link hat, "
    "liest es",
    **dict.fromkeys(
        ("evaluation.SurveyPool", "evaluation.TopicTotal", "evaluation.JudgedNeed", "evaluation.Dot"), SUMS
    ),
    **dict.fromkeys(
        (
            "evaluation.Workshop",
            "evaluation.Round",
            "evaluation.GuidingQuestion",
            "evaluation.Cluster",
            "evaluation.Card",
            "evaluation.Step",
            "evaluation.Hand",
            "evaluation.Poll",
            "evaluation.PollSheet",
            "evaluation.WallPhoto",
        ),
        OF_THE_WALL,
    ),
    **dict.fromkeys(
        (
            "evaluation.Recommendation",
            "evaluation.RecommendationDecision",
            "evaluation.ChangeCause",
            "evaluation.Need",
            "evaluation.NeedSource",
            "evaluation.Coverage",
        ),
        "steht ohne Namen da; wessen Worte es waren, ist nicht gespeichert",
    ),
}

# Fields of those tables that do lead to a person, and where it is told, or why not. Deeds are not among them.
RELATIONS: Mapping[str, str] = {
    "account.EmailConfirmation.email_address": REASONS["account.EmailConfirmation"],
    "curriculum.Session.trainers": "steht unter „Termine, an denen Sie lehren“",
    "evaluation.Participation.invitation": REASONS["evaluation.Participation"],
    "participants.CertificatePaper.certificate": PAPER,
    "participants.CertificatePictureUse.certificate": PICTURE_USE,
    "participants.PaperTrouble.certificate": PAPER,
    "post_office.Attachment.emails": REASONS["post_office.Attachment"],
    "post_office.Log.email": OF_THE_SERVER,
}

UNTOLD: tuple[tuple[str, str], ...] = (
    (
        "Was Sie anonym geantwortet haben",
        "Die Plattform weiß, dass Sie geantwortet haben, aber nicht, welche Antwort Ihre ist. Deshalb kann sie "
        "Ihre Antwort weder finden noch herausgeben noch löschen. Wer den Beleg aufgehoben hat, findet damit in "
        "der Liste der Erhebung, dass die Antwort gezählt wurde.",
    ),
    (
        "Was Sie in einer Erhebung begonnen und noch nicht gesendet haben",
        "Es liegt verschlüsselt, und niemand außer Ihnen liest es, auch die Organisation nicht. Sie finden es im "
        "Formular selbst: über Ihren Link oder Ihre Startseite.",
    ),
    (
        "Der Text Ihrer Transfervereinbarung",
        "Ihn lesen nur die beiden im Tandem, auch die Organisation nicht, die Auskunft geben kann. Solange Sie zu "
        "diesem Tandem gehören, finden Sie ihn auf der Seite Ihrer Anmeldung und, wenn Sie beide bestätigt haben, "
        "als PDF. Wer ausscheidet, liest ihn dort nicht mehr; er bleibt beim Tandem.",
    ),
    (
        "Karten und Punkte an einer Wand",
        "Sie hängen dort ohne Namen. Wer sie geschrieben oder gesetzt hat, ist nicht gespeichert.",
    ),
    (
        "Daten anderer Personen",
        "Von der anderen Person in Ihrem Tandem stehen Name und Rolle hier, sonst nichts. Was jemand anderes "
        "entschieden oder eingetragen hat, steht unter „die Organisation“ (Art. 15 Abs. 4 DSGVO).",
    ),
    (
        "Passwort, Schlüssel und Links",
        "Sie sind nur als Prüfwerte gespeichert oder verschlüsselt. Hier steht, dass es sie gibt.",
    ),
    (
        "Laufende Sitzungen im Browser",
        "Sie gehören zu einem Gerät, enden von selbst und lassen sich nicht nach Personen durchsuchen.",
    ),
)
