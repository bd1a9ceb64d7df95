"""PostgreSQL itself refuses stays of one person that overlap; SQLite has no such constraint and one writer at a time."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    if op.get_bind().dialect.name == "postgresql":
        # A range of one key compares with && in GiST without an extension for plain integers.
        op.execute(
            "ALTER TABLE stay ADD CONSTRAINT ex_stay_person EXCLUDE USING gist "
            "(int8range(person_id, person_id, '[]') WITH &&, daterange(admitted_on, discharged_on) WITH &&)"
        )


def downgrade() -> None:
    """Undo it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE stay DROP CONSTRAINT ex_stay_person")
