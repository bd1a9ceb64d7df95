"""Commands about ratings: apply, go the steps, give and revoke; medals go to caregivers at once."""

from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select

from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.facility import Facility
from eldercare.registry.rating import Rating, RatingScheme, RatingStatus
from eldercare.registry.rules import rule
from eldercare.registry.workforce import Caregiver

STEPS = {
    RatingStatus.APPLIED: "applied_on",
    RatingStatus.SELF_ASSESSED: "self_assessed_on",
    RatingStatus.REVIEWED: "reviewed_on",
    RatingStatus.PUBLICISED: "publicised_on",
}
"""The column that holds the day of each step on the way."""


def apply_for_rating(writer: Writer, *, facility_id: int, scheme: RatingScheme, level: int, on: date) -> Rating:
    """A facility applies for a level of a scheme."""
    writer.locked(Facility, facility_id)
    running = select(Rating.id).where(
        Rating.facility_id == facility_id, Rating.scheme == scheme, Rating.status.in_(tuple(STEPS))
    )
    if writer.session.scalars(running).first() is not None:
        refuse("ALREADY_APPLIED", "An application of this facility is still under way.", "Go on with that.", "scheme")
    values = {"facility_id": facility_id, "scheme": scheme, "level": level, "applied_on": on}
    return writer.create(Rating, {**values, "status": RatingStatus.APPLIED})


def advance_rating(
    writer: Writer, *, rating_id: int, status: RatingStatus, on: date, score: Decimal | None = None
) -> Rating:
    """Take an application for a rating to its next step; the last one, giving it, is issueRating."""
    rating = writer.locked(Rating, rating_id)
    expected = _next(rating)
    if status is not expected or status not in STEPS:
        refuse(
            "TRANSITION",
            f"What is {rating.status.en} ({rating.status.zh}) cannot become {status.en} ({status.zh}).",
            f"It can become {expected.en} ({expected.zh})." if expected else "It has come to its end.",
            "status",
        )
    more = {} if score is None else {"score": score}
    return writer.correct(Rating, rating_id, {"status": status, STEPS[status]: on, **more})


def issue_rating(
    writer: Writer, *, rating_id: int, issuer_id: int, on: date, level: int | None = None, valid_to: date | None = None
) -> Rating:
    """Give the rating that was publicised; one of the same scheme that is still valid ends with it."""
    rating = writer.locked(Rating, rating_id)
    if _next(rating) is not RatingStatus.VALID:
        refuse(
            "NOT_PUBLICISED",
            f"A rating that is {rating.status.en} ({rating.status.zh}) cannot be given yet.",
            "Take it through its steps with advanceRating.",
            "rating_id",
        )
    given = {"issuer_id": issuer_id, "issued_on": on, "valid_to": valid_to, "level": level or rating.level}
    with writer.together():
        _end_valid(writer, rating, on)
        return writer.correct(Rating, rating_id, {**given, "status": RatingStatus.VALID})


def award_medal(
    writer: Writer, *, caregiver_id: int, level: int, issuer_id: int, on: date, valid_to: date | None = None
) -> Rating:
    """Give a caregiver a medal: 1 bronze, 2 silver, 3 gold; the one before ends with it."""
    writer.locked(Caregiver, caregiver_id)
    values = {"caregiver_id": caregiver_id, "scheme": RatingScheme.CAREGIVER_MEDAL, "level": level}
    values |= {"issuer_id": issuer_id, "issued_on": on, "valid_to": valid_to}
    with writer.together():
        _end_valid(writer, Rating(**values), on)
        return writer.create(Rating, values)


def revoke_rating(
    writer: Writer, *, rating_id: int, on: date, reason: str, expected_version: int | None = None
) -> Rating:
    """Take a valid rating back from a day on; it stays in the history."""
    rating = writer.locked(Rating, rating_id)
    over = rating.valid_to is not None and rating.valid_to <= on
    if rating.status is not RatingStatus.VALID or over:
        refuse("RATING_NOT_VALID", f"This rating is not valid on {on}.", "Only a valid one is revoked.", "rating_id")
    values = {"status": RatingStatus.REVOKED, "valid_to": on, "revoke_reason": reason}
    return writer.correct(Rating, rating_id, values, expected_version=expected_version, reason=reason)


def _next(rating: Rating) -> RatingStatus | None:
    steps = [RatingStatus[name] for name in rule("rating_steps")]
    if rating.status not in steps[:-1]:
        return None
    return steps[steps.index(rating.status) + 1]


def _end_valid(writer: Writer, rating: Rating, on: date) -> None:
    """End what the same subject holds under the same scheme on a day."""
    same = [Rating.facility_id == rating.facility_id] if rating.facility_id else []
    same += [Rating.caregiver_id == rating.caregiver_id] if rating.caregiver_id else []
    valid = select(Rating).where(*same, Rating.scheme == rating.scheme, Rating.status == RatingStatus.VALID)
    standing = valid.where(Rating.issued_on < on, or_(Rating.valid_to.is_(None), Rating.valid_to > on))
    for each in writer.session.scalars(standing).all():
        writer.correct(Rating, each.id, {"valid_to": on}, reason="a later rating of the same scheme")
