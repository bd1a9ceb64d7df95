"""Commands about returns: draw one up and freeze it, hand it in, put it right in a new edition beside the old one."""

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from eldercare.kit.errors import InvalidInput, NotFound
from eldercare.kit.term import Term
from eldercare.registry import changelog
from eldercare.registry.change import Writer
from eldercare.registry.division import Division
from eldercare.registry.draft import refuse
from eldercare.registry.edition import EditionStatus, ReturnEdition
from eldercare.registry.entity import now
from eldercare.reporting.form import Frame, Return, period_of
from eldercare.reporting.printing import canonical, digest, drawn_up, failed
from eldercare.reporting.returns import RETURNS

if TYPE_CHECKING:
    ReturnCode = Term
else:
    from eldercare.reporting.returns import ReturnCode


def declared(code: str) -> Return:
    """The return of a code, or `NotFound`."""
    found = next((each for each in RETURNS if each.code == code), None)
    if found is None:
        known = ", ".join(each.code for each in RETURNS)
        raise NotFound("NO_RETURN", f"There is no return {code}.", remedy=f"There are {known}.", path=("code",))
    return found


def open_return(
    writer: Writer, *, code: ReturnCode, division_id: int, period: str, as_of: date | None = None
) -> ReturnEdition:
    """Draw up a return of a division for a period, and freeze it; it shows the state at the end of the period, or of today."""
    form = declared(code.value)
    writer.find(Division, division_id)
    start, end = period_of(form, period)
    day = as_of or min(end - timedelta(days=1), writer.today)
    if not start <= day <= writer.today:
        raise InvalidInput(
            "PERIOD_NOT_BEGUN",
            f"The period begins on {start}, and the state of {day} was asked for.",
            remedy="Ask for a period that has begun, and for a day in it that is not in the future.",
            path=("period",),
        )
    there = _editions(writer, form.code, division_id, start, end)
    if there:
        refuse(
            "RETURN_EXISTS",
            f"This return was drawn up already, in {there} edition{'s' if there > 1 else ''}.",
            "Print it, or draw up a corrected edition with correctReturn.",
            "period",
        )
    return _frozen(writer, form, Frame(division_id, start, end, day), edition=1)


def submit_return(
    writer: Writer, *, edition_id: int, reason: str | None = None, expected_version: int | None = None
) -> ReturnEdition:
    """Hand an edition in; one whose checks fail needs a reason why it is handed in all the same."""
    edition = writer.locked(ReturnEdition, edition_id)
    writer.expect(edition, expected_version)
    if edition.status is not EditionStatus.DRAFT:
        refuse("NOT_A_DRAFT", f"This edition is {edition.status.en}.", "Hand in the newest edition.", "edition_id")
    if edition.failed_checks and not reason:
        refuse(
            "CHECKS_FAIL",
            f"{edition.failed_checks} of its sums do not come out.",
            "Put the records right and draw up a corrected edition, or say in `reason` why it is handed in as it is.",
            "reason",
        )
    values: dict[str, Any] = {
        "status": EditionStatus.SUBMITTED,
        "submitted_on": writer.today,
        "submitted_by": writer.author,
    }
    if reason and edition.reason is None:
        values["reason"] = reason
    return writer.correct(ReturnEdition, edition_id, values, reason=reason)


def correct_return(
    writer: Writer, *, edition_id: int, reason: str, expected_version: int | None = None
) -> ReturnEdition:
    """Draw the return up again for the same day, from what is known now; the old edition stays as it was printed."""
    old = writer.locked(ReturnEdition, edition_id)
    writer.expect(old, expected_version)
    if old.status is EditionStatus.REPLACED:
        refuse("ALREADY_CORRECTED", "A newer edition replaces this one.", "Correct the newest edition.", "edition_id")
    frame = Frame(old.division_id, old.period_from, old.period_to, old.as_of)
    number = _editions(writer, old.code, old.division_id, old.period_from, old.period_to) + 1
    writer.correct(ReturnEdition, old.id, {"status": EditionStatus.REPLACED}, reason=reason)
    return _frozen(writer, declared(old.code), frame, edition=number, corrects_id=old.id, reason=reason)


def printed_content(edition: ReturnEdition) -> dict[str, Any]:
    """What was printed; content that was tampered with is refused."""
    if digest(edition.content) != edition.content_hash:
        refuse("CONTENT_CHANGED", "The content of this edition is not what was drawn up.", "Restore it from a backup.")
    content: dict[str, Any] = json.loads(edition.content)
    return content


def _frozen(writer: Writer, form: Return, frame: Frame, **more: Any) -> ReturnEdition:
    writer.session.flush()
    content = drawn_up(writer.session, form, frame)
    text = canonical(content)
    values = {
        "code": form.code,
        "division_id": frame.division,
        "period_from": frame.start,
        "period_to": frame.end,
        "as_of": frame.as_of,
        "position": str(changelog.latest(writer.session)),
        "compiler": writer.author,
        "compiled_at": now(),
        "content": text,
        "content_hash": digest(text),
        "failed_checks": failed(content),
        **more,
    }
    return writer.create(ReturnEdition, values)


def _editions(writer: Writer, code: str, division: int, start: date, end: date) -> int:
    same = [ReturnEdition.code == code, ReturnEdition.division_id == division]
    same += [ReturnEdition.period_from == start, ReturnEdition.period_to == end]
    return writer.session.scalar(select(func.count(ReturnEdition.id)).where(*same)) or 0
