"""API tokens: kept as keyed digests, with whom they stand for, what they allow, and until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, ForeignKey, Index, LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, Session

from eldercare.kit.db import Base, Key
from eldercare.registry.entity import column, now
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import Principal, Role
from eldercare.security.token import Token

SELDOM = timedelta(minutes=10)
"""How old the note of the last use may be: it is not written at every request."""


class AccessToken(Base):
    """A token by which a person or a program is known to the API; its secret is nowhere, only a keyed digest of it."""

    __tablename__ = "access_token"
    __zh__ = "访问令牌"

    id: Mapped[int] = column(Key, primary_key=True, en="Its key.", zh="标识")
    prefix: Mapped[str] = column(String(16), unique=True, en="Its beginning, by which it is called.", zh="前缀")
    digest: Mapped[bytes] = column(
        LargeBinary(32), en="Keyed digest of the whole token.", zh="令牌摘要", secret=True, derived=True
    )
    subject: Mapped[str] = column(String(60), index=True, en="Whom it stands for; logs call them so.", zh="主体")
    role: Mapped[str] = column(String(40), en="The role it gives.", zh="角色")
    division_id: Mapped[int | None] = column(ForeignKey("division.id"), en="The division it is for.", zh="区划")
    facility_ids: Mapped[Any] = column(JSON, en="The facilities it is for.", zh="机构")
    organisation_id: Mapped[int | None] = column(
        ForeignKey("organisation.id"), en="The organisation it is for.", zh="组织"
    )
    scheme_ids: Mapped[Any] = column(JSON, en="The subsidy schemes it is for.", zh="补贴项目")
    special_family: Mapped[bool] = column(
        Boolean, en="Whether special families are assigned to it.", zh="是否经办计生特殊家庭"
    )
    fields: Mapped[Any] = column(JSON, en="The fields that a partner's contract lists.", zh="合同字段")
    scopes: Mapped[Any] = column(JSON, en="What it allows.", zh="权限范围")
    note: Mapped[str | None] = column(String(200), en="What it is for.", zh="用途")
    created_at: Mapped[datetime] = column(DateTime(timezone=True), en="When it was issued.", zh="签发时间")
    created_by: Mapped[str] = column(String(120), index=True, en="Who issued it.", zh="签发人")
    expires_at: Mapped[datetime] = column(DateTime(timezone=True), en="From when on it is not taken.", zh="到期时间")
    last_used_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), en="When it was last used, to ten minutes.", zh="最近使用时间"
    )
    revoked_at: Mapped[datetime | None] = column(DateTime(timezone=True), en="When it was revoked.", zh="吊销时间")
    revoked_by: Mapped[str | None] = column(String(120), en="Who revoked it.", zh="吊销人")
    replaces_id: Mapped[int | None] = column(
        ForeignKey("access_token.id"), en="The token it took the place of.", zh="替换的令牌"
    )

    __table_args__ = (Index("ix_access_token_expires_at", "expires_at"),)

    def principal(self) -> Principal:
        """Whom it stands for."""
        return Principal(
            self.subject,
            Role(self.role),
            self.division_id,
            tuple(self.facility_ids),
            self.organisation_id,
            tuple(self.scheme_ids),
            self.special_family,
            frozenset(self.fields),
            frozenset(self.scopes),
        )

    def ends_at(self) -> datetime:
        """From when on it is not taken: its expiry, or an earlier revocation."""
        ends = aware(self.expires_at)
        return ends if self.revoked_at is None else min(ends, aware(self.revoked_at))


def aware(instant: datetime) -> datetime:
    """An instant with its offset, which SQLite does not keep."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def digest_of(token: Token, keys: KeyRing) -> bytes:
    """What is kept of a token."""
    return keys.digest(f"token {token.text}")


def known(session: Session, token: Token, keys: KeyRing) -> AccessToken | None:
    """The token that was sent, if it is one of ours, whether or not it still holds; its digest follows the newest key."""
    found = session.scalars(select(AccessToken).where(AccessToken.prefix == token.prefix)).one_or_none()
    if found is None or not keys.matches(f"token {token.text}", found.digest):
        return None
    return found


def is_due(found: AccessToken, keys: KeyRing, token: Token) -> bool:
    """Whether the use of a token is to be written down: seldom, and when its digest is not of the newest key."""
    recent = found.last_used_at is not None and now() - aware(found.last_used_at) < SELDOM
    return not recent or digest_of(token, keys) != bytes(found.digest)


def note_use(session: Session, found: AccessToken, keys: KeyRing, token: Token) -> None:
    """Write down that a token was used, and its digest with the newest key."""
    mine = update(AccessToken).where(AccessToken.id == found.id)
    session.execute(mine.values(last_used_at=now(), digest=digest_of(token, keys)))
