"""What a database keeps of deleted rows, and how it is made to forget it.

Deleting is not enough: PostgreSQL leaves the dead row in its page, SQLite the old page in its log.
"""

from django.db import OperationalError, connection, models

from evaluation.models import Draft, Envelope, Invitation, PaperSheet, Participation, Response, SealedCodes, Survey

# Rows that were written, changed or locked while a ballot was handed in, and codes that nobody waits for any more,
# which an older version kept with the responses.
TABLES: tuple[type[models.Model], ...] = (
    Envelope,
    Draft,
    Survey,
    Participation,
    Invitation,
    PaperSheet,
    SealedCodes,
    Response,
)
LOCK_TIMEOUT = "5s"
# The count is the last transaction that wrote the survey's row: whoever began before it still sees the old rows.
OLDER_TRANSACTIONS = """
    SELECT count(*)
    FROM pg_stat_activity, (SELECT min(age(xmin)) AS age FROM evaluation_survey WHERE must_forget) AS counted
    WHERE pid <> pg_backend_pid() AND greatest(age(backend_xmin), age(backend_xid)) >= counted.age
"""


def forget_traces() -> bool:
    """Erase what is left of counted or destroyed ballots; False when it has to be tried again later.

    Runs outside any transaction. A survey keeps `must_forget` until it has succeeded, so a process that is
    killed in between only delays it.
    """
    due = list(Survey.objects.filter(must_forget=True).values_list("pk", flat=True))
    if not due:
        return True
    if connection.in_atomic_block:
        return False
    forget = forget_on_postgresql if connection.vendor == "postgresql" else forget_on_sqlite
    try:
        is_done = forget()
    except OperationalError:  # somebody else holds the lock that is needed
        return False
    if is_done:
        Survey.objects.filter(pk__in=due).update(must_forget=False)
    return is_done


def forget_on_sqlite() -> bool:
    """Write the file anew from its living rows, then empty the write-ahead log; False while a reader is in it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy = bool(cursor.fetchone()[0])
    return not is_busy


def forget_on_postgresql() -> bool:
    """Write the tables anew without their dead rows; False while an older transaction can still see those."""
    with connection.cursor() as cursor:
        cursor.execute(OLDER_TRANSACTIONS)
        if cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        try:
            for model in TABLES:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")
        finally:
            cursor.execute("RESET lock_timeout")
    return True
