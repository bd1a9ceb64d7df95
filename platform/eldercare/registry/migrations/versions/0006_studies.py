"""Studies and the frozen baselines they start from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "4fd046b6911b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "study_baseline",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_study_baseline")),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("territory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("replications", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("baseline", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("years > 0", name=op.f("ck_study_years")),
        sa.CheckConstraint("replications > 1", name=op.f("ck_study_replications")),
        sa.ForeignKeyConstraint(["baseline"], ["study_baseline.digest"], name=op.f("fk_study_baseline")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_study_job_id")),
        sa.ForeignKeyConstraint(["territory_id"], ["division.id"], name=op.f("fk_study_territory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("job_id", name=op.f("uq_study_job_id")),
    )
    with op.batch_alter_table("study", schema=None) as batch_op:
        for name in ("territory_id", "baseline", "fingerprint"):
            batch_op.create_index(batch_op.f(f"ix_study_{name}"), [name], unique=False)


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("study", schema=None) as batch_op:
        for name in ("fingerprint", "baseline", "territory_id"):
            batch_op.drop_index(batch_op.f(f"ix_study_{name}"))
    op.drop_table("study")
    op.drop_table("study_baseline")
