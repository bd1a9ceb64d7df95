"""Reports about money: the inspection of funds, the three-year report, the annual return, and the list for the village."""

from dataclasses import replace
from typing import Any

from eldercare.api.kind import DAY, KEY, MONEY, NUMBER, TEXT, WHOLE, choice
from eldercare.api.noun import Argument, Field, Report, shown_label, shown_reference
from eldercare.registry.fund import FindingKind
from eldercare.registry.fund_report import annual_return, by_year_and_source
from eldercare.registry.inspection import findings
from eldercare.registry.publicity import publicity
from eldercare.registry.query import View
from eldercare.registry.statistic import Basis
from eldercare.security.privacy import Privacy

DIVISION = Argument(
    "division",
    KEY,
    "The territory: its id or its twelve-digit code; everywhere without.",
    "区划",
    noun="Division",
)
EXPLAINED = (
    shown_label("explanation", TEXT, en="Why, in English.", zh="英文说明"),
    shown_label("explanation_zh", TEXT, en="Why, in Chinese.", zh="说明"),
)


def _money(name: str, en: str, zh: str, *, required: bool = False, privacy: Privacy = Privacy.OPEN) -> Field:
    return shown_label(name, MONEY, en=en, zh=zh, required=required, privacy=privacy)


def _findings(given: dict[str, Any], view: View) -> Any:
    return findings(view, given["division"])


def _report(given: dict[str, Any], view: View) -> Any:
    return by_year_and_source(view, given["division"])


def _return(given: dict[str, Any], view: View) -> Any:
    return annual_return(given["year"], given["scheme"], given["division"], view)


def _publicity(given: dict[str, Any], view: View) -> Any:
    return publicity(given["batch"], view)


FINDING = (
    shown_label("kind", choice(FindingKind), en="What is wrong.", zh="问题类型", required=True),
    shown_label("fingerprint", TEXT, en="What it is about.", zh="问题标识", required=True),
    shown_reference("scheme", "SubsidyScheme", en="The scheme.", zh="补贴政策"),
    shown_reference("division", "Division", en="Where.", zh="区划"),
    shown_reference("person", "Person", en="The person it is about.", zh="老年人"),
    shown_reference("line", "DisbursementLine", en="The line of a batch it is about.", zh="发放明细"),
    shown_reference("transaction", "AccountTransaction", en="The transaction it is about.", zh="账户流水"),
    shown_label("happened_on", DAY, en="When the money moved.", zh="发生日期", required=True),
    _money("amount", "How much is in question.", "涉及金额", required=True, privacy=Privacy.POVERTY),
    *[replace(each, privacy=Privacy.POVERTY) for each in EXPLAINED],
)

FUNDS = (
    shown_label("year", WHOLE, en="The year.", zh="年度", required=True),
    shown_reference("source", "FundSource", en="Whose money it is; empty where no allocation is named.", zh="资金来源"),
    _money("allocated", "What was allocated.", "拨付金额", required=True),
    _money("paid", "What batches and grants paid.", "发放金额", required=True),
    _money("consumed", "What people paid for services from their accounts.", "消费金额", required=True),
    _money("returned", "What expired or was taken back.", "收回金额", required=True),
    shown_label("issues", WHOLE, en="How many issues there are.", zh="问题数", required=True),
    _money("issue_amount", "What is in question.", "问题金额", required=True),
    _money("recovered", "What came back of it.", "追回金额", required=True),
)

ANNUAL = (
    shown_label("basis", choice(Basis), en="Whether from records or from a report.", zh="数据基础", required=True),
    shown_label("people", WHOLE, en="People who were served.", zh="服务人数", required=True),
    shown_label("services", WHOLE, en="Services they were given.", zh="服务人次"),
    _money("entitled", "What people were due by the batches; empty for a report.", "应补金额"),
    _money("credited", "What was credited; empty for a report.", "充值金额"),
    _money("consumed", "What the services cost.", "消费金额"),
    _money("minimum", "What as many people are due at least in a year.", "全年最低应补金额"),
    _money("gap", "What is missing of that.", "差额"),
    _money("per_service", "Amount of one service.", "单次服务金额"),
    _money("per_person", "Amount of one person in the year.", "人均年金额"),
    _money("per_person_month", "Amount of one person in a month.", "人均月金额"),
    shown_label("services_per_person", NUMBER, en="Services of one person, to two decimals.", zh="人均服务次数"),
    shown_label("share_of_minimum", NUMBER, en="Consumed in per cent of the minimum.", zh="占最低应补比例(%)"),
    shown_label("share_of_credit", NUMBER, en="Consumed in per cent of what was credited.", zh="补贴使用率(%)"),
    shown_label("credit_share", NUMBER, en="Credited in per cent of what people were due.", zh="充值率(%)"),
    *EXPLAINED,
)

LIST = (
    shown_reference("division", "Division", en="Where the person lives.", zh="居住区划"),
    shown_label("number", WHOLE, en="Number of the line.", zh="序号", required=True),
    shown_label("name", TEXT, en="The name, masked.", zh="姓名(脱敏)", required=True),
    shown_label("tier", TEXT, en="The tier.", zh="补贴档次(英文)", required=True),
    shown_label("tier_zh", TEXT, en="The tier in Chinese.", zh="补贴档次", required=True),
    shown_label("days", WHOLE, en="Days that are paid.", zh="发放天数", required=True),
    _money("amount", "The amount.", "金额", required=True),
)

REPORTS = (
    Report(
        "fundInspection",
        "FundFinding",
        _findings,
        people=True,
        lists=True,
        fields=FINDING,
        en="What is wrong with money that moved in the three years before the date looked at, with the reasons.",
        zh="资金检查",
        order=("happened_on", "fingerprint"),
        arguments=(DIVISION,),
    ),
    Report(
        "fundReport",
        "FundYear",
        _report,
        fields=FUNDS,
        en="What became of money in the three years before the date looked at, by year and source.",
        zh="三年资金报告",
        order=("year", "source"),
        arguments=(DIVISION,),
    ),
    Report(
        "subsidyReturn",
        "SubsidyReturn",
        _return,
        people=True,
        fields=ANNUAL,
        en="What a scheme's services came to in a year: a row from records and one from reports, never mixed.",
        zh="补贴年报",
        order=("basis",),
        arguments=(
            Argument("year", WHOLE, "The year.", "年度", required=True),
            Argument("scheme", KEY, "The scheme.", "补贴政策", required=True, noun="SubsidyScheme"),
            DIVISION,
        ),
    ),
    Report(
        "publicityList",
        "PublicityLine",
        _publicity,
        people=True,
        lists=True,
        fields=LIST,
        en="The list of a batch as it is shown in the village: names masked.",
        zh="公示名单",
        order=("division", "number"),
        arguments=(Argument("batch", KEY, "The batch.", "发放批次", required=True, noun="DisbursementBatch"),),
    ),
)
