"""Groups by month and by year of a day."""

from sqlalchemy import String, cast, func

from eldercare.api.kind import TEXT
from eldercare.api.noun import Dimension
from eldercare.security.privacy import Privacy


def month_of(day: str, en: str, zh: str, *, name: str = "month") -> Dimension:
    """Groups by the month of a column's day, such as 2018-10."""
    return Dimension(
        name,
        TEXT,
        lambda row, view: func.substr(cast(getattr(row, day), String), 1, 7),
        en,
        zh,
        privacy=Privacy.PERSONAL,
    )


def year_of(day: str, en: str, zh: str, *, name: str = "year") -> Dimension:
    """Groups by the year of a column's day."""
    return Dimension(
        name,
        TEXT,
        lambda row, view: func.substr(cast(getattr(row, day), String), 1, 4),
        en,
        zh,
        privacy=Privacy.PERSONAL,
    )
