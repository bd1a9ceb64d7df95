"""From an edition to paper: its facts in words, its content, and the cells that it put right."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Date, Engine, literal, select
from sqlalchemy.orm import Session, aliased

from eldercare.kit import clock
from eldercare.kit.clock import CHINA
from eldercare.kit.errors import Forbidden, NotFound
from eldercare.registry import audit
from eldercare.registry.division import Division
from eldercare.registry.edition import ReturnEdition
from eldercare.registry.entity import now
from eldercare.registry.query import View, visible
from eldercare.registry.viewer import constant, viewer_of
from eldercare.reporting.files import Printed
from eldercare.reporting.form import Frame, Return
from eldercare.reporting.issue import declared, printed_content
from eldercare.reporting.printing import canonical, differences, digest, drawn_up
from eldercare.security.principal import Principal


def printed(session: Session, key: int, view: View, *, viewer: str) -> Printed:
    """An edition as paper, for somebody who may see it; else `NotFound`."""
    found = _edition(session, key, view)
    if found is None:
        raise NotFound("NOT_FOUND", "There is no such edition.", remedy="Check its id.", path=("id",))
    content = printed_content(found)
    old = None if found.corrects_id is None else _edition(session, found.corrects_id, view)
    changed = () if old is None else tuple(differences(printed_content(old), content))
    form = declared(found.code)
    facts = [
        *_facts(session, form, Frame(found.division_id, found.period_from, found.period_to, found.as_of)),
        ("版次 edition", f"{found.edition} ({found.status.zh} {found.status.en})"),
        ("填表人 compiled by", found.compiler),
        ("填表时间 compiled at", f"{_instant(found.compiled_at):%Y-%m-%d %H:%M:%S}"),
        ("内容摘要 SHA-256", found.content_hash),
    ]
    if found.reason:
        facts.append(("更正原因 reason", found.reason))
    return Printed(form.zh, form.en, tuple(facts), content["tables"], viewer, now(), changed)


def take_away(engine: Engine, key: int, principal: Principal, form: str) -> Printed:
    """An edition as paper for somebody who takes it away; told on the audit trail, and refused without the right to export."""
    if "export" not in principal.scopes:
        raise Forbidden(
            "SCOPE_EXPORT",
            "Your token does not allow to take files away.",
            remedy="Ask for a token with the scope export.",
        )
    with Session(engine) as session:
        view = View(literal(clock.today(), Date()), viewer=viewer_of(principal, constant))
        found = printed(session, key, view, viewer=principal.id)
        audit.append(
            session,
            principal=principal,
            action=audit.Action.EXPORT,
            noun=ReturnEdition.__tablename__,
            keys=[key],
            reason=f"{form} file of a return",
        )
        session.commit()
        return found


def preview(session: Session, form: Return, frame: Frame, *, viewer: str) -> Printed:
    """A return as it would be drawn up now, without an edition that keeps it."""
    content = drawn_up(session, form, frame)
    facts = [*_facts(session, form, frame), ("版次 edition", "预览 preview, not kept")]
    facts.append(("内容摘要 SHA-256", digest(canonical(content))))
    return Printed(form.zh, form.en, tuple(facts), content["tables"], viewer, now())


def newest(session: Session, form: Return, frame: Frame) -> ReturnEdition | None:
    """The newest edition of a return of a division for a period."""
    same = [ReturnEdition.code == form.code, ReturnEdition.division_id == frame.division]
    same += [ReturnEdition.period_from == frame.start, ReturnEdition.period_to == frame.end]
    return session.scalars(select(ReturnEdition).where(*same).order_by(ReturnEdition.edition.desc()).limit(1)).first()


def _edition(session: Session, key: int, view: View) -> ReturnEdition | None:
    row: Any = aliased(ReturnEdition)
    return session.scalars(select(row).where(row.id == key, *visible(row, view))).one_or_none()


def _facts(session: Session, form: Return, frame: Frame) -> list[tuple[str, str]]:
    division = session.get(Division, frame.division)
    name = "" if division is None else f"{division.name} {division.code}"
    return [
        ("填报单位 division", name),
        ("报表周期 period", f"{form.period.zh} {frame.start} ≤ … < {frame.end}"),
        ("数据截止 as of", frame.as_of.isoformat()),
    ]


def _instant(value: datetime) -> datetime:
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(CHINA)
