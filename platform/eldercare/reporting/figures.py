"""Numbers that were published, as the parts of indicators on the basis of reports."""

from sqlalchemy import ColumnElement, Integer, cast, select
from sqlalchemy.orm import aliased

from eldercare.registry.entity import Quality
from eldercare.registry.query import visible
from eldercare.registry.statistic import Indicator, ReportedFigure
from eldercare.reporting.place import Part, Place


def reported(code: str) -> Part:
    """The published count of an indicator in exactly this territory, of the newest period begun; implausible ones never."""

    def part(place: Place) -> ColumnElement[int]:
        figure, indicator = aliased(ReportedFigure), aliased(Indicator)
        found = select(cast(figure.value, Integer)).join(indicator, indicator.id == figure.indicator_id)
        found = found.where(indicator.code == code, figure.division_id == place.territory)
        found = found.where(figure.quality != Quality.IMPLAUSIBLE, figure.period_from <= place.view.as_of)
        found = found.where(*visible(figure, place.view.at_date()))
        return found.order_by(figure.period_from.desc(), figure.id).limit(1).scalar_subquery()

    return part
