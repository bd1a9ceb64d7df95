"""Issuing, replacing and revoking tokens: never more than the issuer has, each step on the audit trail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from eldercare.kit.errors import Conflict, Forbidden, InvalidInput, NotFound
from eldercare.registry import audit
from eldercare.registry.access_token import AccessToken, aware, digest_of
from eldercare.registry.audit import Action
from eldercare.registry.division import Division, within
from eldercare.registry.entity import now
from eldercare.registry.facility import Facility
from eldercare.registry.organisation import Organisation
from eldercare.registry.scheme import SchemeDivision, SubsidyScheme
from eldercare.registry.value import read_text
from eldercare.security import grant
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import Principal, Role
from eldercare.security.token import Token, mint

DAYS, MOST_DAYS = 90, 366
GRACE = timedelta(hours=24)


@dataclass(frozen=True)
class Office:
    """Issues tokens for one issuer, in a session that the caller commits."""

    session: Session
    keys: KeyRing
    issuer: Principal
    document: audit.Through | None = None
    request_id: str | None = None

    def issue(
        self, wanted: Principal, *, days: int = DAYS, note: str | None = None, until: datetime | None = None
    ) -> tuple[AccessToken, Token]:
        """A new token for a principal, and its text, which is told this once."""
        self.check(wanted)
        self._check_name(wanted.id)
        ends = until or now() + timedelta(days=_days(days))
        return self._put(wanted, ends, read_text(note, 200, "note"), None)

    def rotate(self, key: int, *, grace: timedelta = GRACE, days: int | None = None) -> tuple[AccessToken, Token]:
        """A token in the place of another, which is still taken for a time; its holder may do it, for the days that are left."""
        old = self.find(key)
        if old.ends_at() <= now():
            raise Conflict("TOKEN_ENDED", "This token has ended.", remedy="Issue a new one.", path=("id",))
        if not timedelta() <= grace <= timedelta(days=30):
            raise InvalidInput("TOKEN_GRACE", "The old token may be taken for up to 30 days more.", path=("grace",))
        own = old.subject == self.issuer.id
        if not own or days is not None:
            self.check(old.principal())
        ends = aware(old.expires_at) if days is None else now() + timedelta(days=_days(days))
        made = self._put(old.principal(), ends, old.note, old.id)
        old.revoked_at, old.revoked_by = min(now() + grace, old.ends_at()), self.issuer.id
        self._tell(Action.TOKEN_ROTATED, old)
        return made

    def revoke(self, key: int, *, reason: str | None = None) -> AccessToken:
        """Take a token back; its holder may, and whoever could have issued it. One that has ended stays as it is."""
        found = self.find(key)
        if found.subject != self.issuer.id:
            self.check(found.principal())
        if found.ends_at() > now():
            found.revoked_at, found.revoked_by = now(), self.issuer.id
            self._tell(Action.TOKEN_REVOKED, found, read_text(reason, 500, "reason"))
        return found

    def find(self, key: int) -> AccessToken:
        """A token that the issuer may know of: their own, one they issued, or one they could have issued."""
        found = self.session.get(AccessToken, key, populate_existing=True, with_for_update=True)
        if found is not None and (self.issuer.id in (found.subject, found.created_by) or self._may(found.principal())):
            return found
        raise NotFound("NOT_FOUND", "There is no such token.", remedy="Check its id.", path=("id",))

    def held_by(self, subject: str) -> list[AccessToken]:
        """The tokens of a subject that hold."""
        holds = or_(AccessToken.revoked_at.is_(None), AccessToken.revoked_at > now())
        mine = select(AccessToken).where(AccessToken.subject == subject, AccessToken.expires_at > now(), holds)
        return list(self.session.scalars(mine))

    def check(self, wanted: Principal) -> None:
        """Refuse what is more than the issuer has, or too little to be of use."""
        for name, text in [*grant.incomplete(wanted), *self._unknown(wanted)]:
            raise InvalidInput("TOKEN_INCOMPLETE", text, remedy="Name what the role needs.", path=(name,))
        for name, text in [*grant.excess(self.issuer, wanted), *self._outside(wanted)]:
            raise Forbidden("TOKEN_EXCEEDS", text, remedy="Ask somebody who has it to issue the token.", path=(name,))

    def _may(self, wanted: Principal) -> bool:
        return not [*grant.excess(self.issuer, wanted), *self._outside(wanted)]

    def _outside(self, wanted: Principal) -> Iterator[tuple[str, str]]:
        """What lies outside the issuer's own territory, facilities, organisation and schemes."""
        if self.issuer.role is Role.SYSTEM:
            return
        if wanted.division_id is not None and not self._inside(Division, Division.id, [wanted.division_id]):
            yield "division_id", "This division does not lie in yours."
        if wanted.facility_ids and not self._inside(Facility, Facility.division_id, wanted.facility_ids):
            yield "facility_ids", "A facility does not lie in your division."
        if wanted.organisation_id not in (None, self.issuer.organisation_id) and not self._inside(
            Organisation, Organisation.division_id, [wanted.organisation_id or 0]
        ):
            yield "organisation_id", "This organisation has not its seat in your division."
        if not set(wanted.scheme_ids) <= set(self.issuer.scheme_ids) and not self._pay_inside(wanted.scheme_ids):
            yield "scheme_ids", "A scheme pays outside your division."
        if self.issuer.fields and not wanted.fields <= self.issuer.fields:
            yield "fields", "A field is not in your own contract."

    def _inside(self, noun: type, place: object, keys: Iterable[int]) -> bool:
        """Whether records all lie in the issuer's division; an issuer without one has none."""
        wanted: set[int] = set(keys)
        if self.issuer.division_id is None:
            return False
        chosen = select(noun.id).where(noun.id.in_(wanted), within(place, self.issuer.division_id))  # type: ignore[attr-defined]
        return set(self.session.scalars(chosen)) == wanted

    def _pay_inside(self, schemes: Iterable[int]) -> bool:
        """Whether schemes hold in the issuer's division alone: whoever looks into one sees everybody it ever paid."""
        wanted = set(schemes)
        held = select(SchemeDivision.scheme_id, SchemeDivision.division_id)
        pairs = self.session.execute(held.where(SchemeDivision.scheme_id.in_(wanted))).all()
        places = {division for _, division in pairs}
        return {scheme for scheme, _ in pairs} == wanted and self._inside(Division, Division.id, places)

    def _unknown(self, wanted: Principal) -> Iterator[tuple[str, str]]:
        """What does not exist."""
        one = {"division_id": (Division, wanted.division_id), "organisation_id": (Organisation, wanted.organisation_id)}
        for name, (noun, key) in one.items():
            if key is not None and self.session.get(noun, key) is None:
                yield name, f"There is no {noun.__tablename__} of this id."
        for name, several, keys in (
            ("facility_ids", Facility, wanted.facility_ids),
            ("scheme_ids", SubsidyScheme, wanted.scheme_ids),
        ):
            if keys and set(self.session.scalars(select(several.id).where(several.id.in_(keys)))) != set(keys):
                yield name, f"There is no {several.__tablename__} of this id."

    def _check_name(self, subject: str) -> None:
        if not subject or not subject.strip() or len(subject) > 60 or subject != subject.strip():
            raise InvalidInput(
                "TOKEN_SUBJECT",
                "Whom a token stands for is said in 1 to 60 characters.",
                remedy="Name a person's account or a program, such as li.xiaoshan.",
                path=("subject",),
            )
        if subject in ("system", "anonymous", "anybody") or self.held_by(subject):
            raise Conflict(
                "TOKEN_SUBJECT_TAKEN",
                "There is a token for this subject already.",
                remedy="Rotate or revoke it, or name the new one otherwise: logs must tell them apart.",
                path=("subject",),
            )

    def _put(
        self, wanted: Principal, ends: datetime, note: str | None, replaces: int | None
    ) -> tuple[AccessToken, Token]:
        token = mint()
        made = AccessToken(
            prefix=token.prefix,
            digest=digest_of(token, self.keys),
            subject=wanted.id,
            role=wanted.role.value,
            division_id=wanted.division_id,
            facility_ids=sorted(wanted.facility_ids),
            organisation_id=wanted.organisation_id,
            scheme_ids=sorted(wanted.scheme_ids),
            special_family=wanted.special_family,
            fields=sorted(wanted.fields),
            scopes=sorted(wanted.scopes),
            note=note,
            created_at=now(),
            created_by=self.issuer.id,
            expires_at=ends,
            replaces_id=replaces,
        )
        self.session.add(made)
        self.session.flush()
        self._tell(Action.TOKEN_CREATED, made)
        return made, token

    def _tell(self, action: Action, token: AccessToken, reason: str | None = None) -> None:
        audit.append(
            self.session,
            principal=self.issuer,
            action=action,
            noun="access_token",
            keys=[token.id],
            reason=reason,
            document=self.document,
            request_id=self.request_id,
        )


def _days(days: int) -> int:
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput("TOKEN_DAYS", f"A token lasts 1 to {MOST_DAYS} days, not {days}.", path=("days",))
    return days
