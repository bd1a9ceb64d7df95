"""The named commands of the registry as mutations: their arguments follow from the commands' own signatures."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from strawberry.types.field import StrawberryField

from eldercare import registry
from eldercare.api import change_report, fund_command, inclusion, pilot, returns, service_command, supervision_commands
from eldercare.api.inputs import annotation_of, enumeration, make, member, optional
from eldercare.api.kind import INSTANT, MONEY
from eldercare.api.mutation import ONCE, SOURCE, Part, column_input, mutation, referred, sent
from eldercare.api.named import Command
from eldercare.api.noun import bilingual
from eldercare.api.objects import Types
from eldercare.api.writing import key_of
from eldercare.kit.term import Term
from eldercare.registry import bedding, closing, consequence, determination, merging, placement, queueing, registering
from eldercare.registry.change import Writer
from eldercare.registry.draft import at
from eldercare.registry.entity import Record
from eldercare.registry.membership import GroupCategory
from eldercare.registry.money import Amount

COMMANDS = (
    Command(
        "admit",
        registry.Stay,
        placement.admit,
        "Take a person into a facility.",
        "办理入住",
        ("bed_number", "care_level"),
    ),
    Command(
        "transfer",
        registry.Stay,
        placement.transfer,
        "Move a resident to another facility or type of bed, from one day to the next.",
        "转院",
        ("bed_number", "care_level", "payer", "trial_until"),
    ),
    Command("discharge", registry.Stay, placement.discharge, "End a stay.", "办理退住"),
    Command("takeLeave", registry.StayLeave, placement.leave, "A resident goes away; the bed is kept.", "请假外出"),
    Command("comeBack", registry.StayLeave, placement.come_back, "A resident who was away is back.", "销假返院"),
    Command(
        "reportDeath",
        registry.Person,
        consequence.report_death,
        "Record a death and end the stay, memberships, residences and applications with it.",
        "死亡登记",
    ),
    Command(
        "mergePeople",
        registry.Person,
        merging.merge_people,
        "Make one of two records of the same person; what contradicts itself is refused.",
        "合并重复人员",
    ),
    Command(
        "setCapacity",
        registry.CapacityPeriod,
        bedding.set_capacity,
        "Set how many beds of a type a facility has from a day on; what is not said is kept.",
        "核定床位",
    ),
    Command(
        "determineMembership",
        registry.GroupMembership,
        determination.determine,
        "Establish that a person belongs to a group.",
        "认定群体类别",
        ("status", "determination", "authority_id", "basis", "evidence", "subtype", "support_mode", "self_care"),
    ),
    Command(
        "reviewMembership",
        registry.GroupMembership,
        determination.review,
        "Take a determination a step further.",
        "复核认定",
    ),
    Command("endMembership", registry.GroupMembership, determination.end_membership, "End a membership.", "终止认定"),
    Command(
        "changeSupportMode",
        registry.GroupMembership,
        determination.change_support_mode,
        "Support an extremely poor person in another mode from a day on.",
        "变更供养方式",
    ),
    Command(
        "changeFacilityStatus",
        registry.Facility,
        closing.change_status,
        "Bring a facility into another state.",
        "变更机构状态",
    ),
    Command(
        "closeFacility",
        registry.Facility,
        closing.close_facility,
        "Close a facility; refused while somebody lives there. Capacity, contract, services and ratings end with it.",
        "关闭机构",
    ),
    Command(
        "submitApplication",
        registry.Application,
        queueing.submit,
        "Hand in an application; its class of admission follows from the rules in force unless it is given.",
        "提交申请",
        ("setting", "bed_type", "division_id", "channel", "priority_class", "priority_score"),
    ),
    Command(
        "advanceApplication",
        registry.Application,
        queueing.advance,
        "Take an application to assessment or into the queue.",
        "推进申请",
    ),
    Command("offerPlace", registry.Application, queueing.offer, "Offer a place to somebody who waits.", "分配床位"),
    Command("acceptOffer", registry.Application, queueing.accept, "The applicant takes the place.", "接受分配"),
    Command(
        "declineOffer",
        registry.Application,
        queueing.decline,
        "The applicant waits on; the offer is counted.",
        "拒绝分配",
    ),
    Command(
        "withdrawApplication",
        registry.Application,
        queueing.withdraw,
        "The applicant takes the application back.",
        "撤回申请",
    ),
    Command("rejectApplication", registry.Application, queueing.reject, "Turn an application down.", "不予受理"),
    Command(
        "registerPerson",
        registry.Person,
        registering.register,
        "Record somebody new together with where they live, so that they belong to a territory from the first moment.",
        "登记老年人",
        (
            "name",
            "sex",
            "birth_date",
            "birth_date_estimated",
            "id_type",
            "id_number",
            "ethnicity",
            "marital_status",
            "education",
            "phone",
            "emergency_contact",
        ),
        texts={
            "division_id": ("Where they live.", "居住区划"),
            "since": ("Since when.", "起始日期"),
            "base": ("Whether they live or are registered there; lives there unless said.", "口径"),
            "address": ("The address; it is kept encrypted.", "详细地址"),
        },
        nouns={"division_id": "Division"},
    ),
)

ALL: tuple[Command, ...] = (
    *COMMANDS,
    *change_report.COMMANDS,
    *fund_command.COMMANDS,
    *inclusion.COMMANDS,
    *pilot.COMMANDS,
    *returns.COMMANDS,
    *supervision_commands.COMMANDS,
    *service_command.COMMANDS,
)
"""The commands of this list and of its sister lists, each of which stands with its nouns."""

TEXTS = {
    "on": ("The day from which it holds.", "生效日期"),
    "reason": ("Why.", "原因"),
    "status": ("The next state.", "新状态"),
    "mode": ("The next mode of support.", "新供养方式"),
    "expected_version": ("The version that was read; another one is refused.", "预期版本"),
    "person_id": ("The person.", "老年人"),
    "into_id": ("The record that stands for the person from now on.", "保留的人员记录"),
    "facility_id": ("The facility.", "机构"),
    "stay_id": ("The stay.", "入住"),
    "membership_id": ("The membership.", "群体认定"),
    "application_id": ("The application.", "入住申请"),
    "bed_type": ("Type of the bed.", "床位类型"),
    "category": ("The group.", "类别"),
    "agreement_number": ("Number of the service agreement.", "服务协议编号"),
    "payer": ("Who pays.", "付费方式"),
    "trial_until": ("Last day of the trial.", "试住截止"),
    "open": ("Beds that can be used.", "开放床位"),
    "filed": ("Beds as filed with civil affairs.", "备案床位"),
    "designed": ("Beds as designed.", "设计床位"),
    "out_of_service": ("Beds out of service.", "停用床位"),
    "reserved": ("Beds kept for groups; those of the present period unless said.", "预留床位"),
    "preferred_facility_ids": ("Facilities the applicant would like, the best first.", "意向机构"),
}
"""What the arguments of commands mean, in both languages."""

NOUNS = {
    "person_id": "Person",
    "into_id": "Person",
    "facility_id": "Facility",
    "stay_id": "Stay",
    "membership_id": "GroupMembership",
    "application_id": "Application",
    "preferred_facility_ids": "Facility",
}
"""Of which noun an id must be."""


def make_commands(types: Types) -> type:
    """The root fields of the named commands."""
    made: type = make("Commands", bilingual("Commands of the registry.", "业务操作"), _fields(types), types.space)
    return made


def _fields(types: Types) -> Iterable[StrawberryField]:
    _reserved(types)
    for command in ALL:
        name = f"{command.name[0].upper()}{command.name[1:]}Input"
        fields = [*_arguments(types, command), *_extra(types, command)]
        make(name, bilingual(f"What {command.name} needs.", command.zh), fields, types.space, is_input=True)
        part = Part("input", name, "What is to be done.", "内容")
        yield mutation(
            types, command.name, command.noun.__name__, command.en, [part, SOURCE, ONCE], _act(command), zh=command.zh
        )


def _act(command: Command) -> Any:
    def act(given: Mapping[str, Any]) -> Any:
        values = {name: _value(command, name, value) for name, value in sent(given["input"]).items()}
        return lambda writer: _run(command, writer, values)

    return act


def _run(command: Command, writer: Writer, values: Mapping[str, Any]) -> Record:
    """Carry a command out; a record that it names and that the writer does not see is not there."""
    for name, value in values.items():
        noun = _noun_sent(command, name)
        if value is not None and noun is not None:
            with at(name):
                writer.scope.known(entity_called(noun), value if isinstance(value, list) else [value])
    return command.run(writer, **values)


def _noun_sent(command: Command, name: str) -> str | None:
    return _noun(command, name) or (referred(command.noun, name) if name in command.extra else None)


def entity_called(noun: str) -> type[Record]:
    """The entity of a noun's name."""
    return next(entity for entity in registry.ENTITIES if entity.__name__ == noun)


def _value(command: Command, name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "reserved":
        return {each["category"]: each["beds"] for each in value}
    noun = _noun_sent(command, name)
    if noun is None:
        return value
    return [key_of(each, noun, name) for each in value] if isinstance(value, list) else key_of(value, noun, name)


def _extra(types: Types, command: Command) -> Iterable[StrawberryField]:
    return (column_input(types, command.noun, name) for name in command.extra)


def _arguments(types: Types, command: Command) -> Iterable[StrawberryField]:
    hints = get_type_hints(command.run)
    for name, parameter in list(inspect.signature(command.run).parameters.items())[1:]:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        of, text = _annotation(types, command, name, hints[name]), bilingual(*{**TEXTS, **command.texts}[name])
        if parameter.default is inspect.Parameter.empty:
            yield member(name, of, text, types.space)
        else:
            yield optional(name, of, text, types.space)


def _noun(command: Command, name: str) -> str | None:
    return command.nouns.get(name) or NOUNS.get(name)


def _annotation(types: Types, command: Command, name: str, hint: Any) -> str:
    if get_origin(hint) in (Union, UnionType):
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is Mapping or name == "reserved":
        return "list[ReservedBedsInput]"
    if _noun(command, name):
        return "list[strawberry_ID]" if get_origin(hint) is Sequence else "strawberry_ID"
    if get_origin(hint) is Sequence:
        return f"list[{_annotation(types, command, name, get_args(hint)[0])}]"
    if isinstance(hint, type) and issubclass(hint, Term):
        return enumeration(hint, types.space)
    if hint in (Amount, datetime):
        return annotation_of(MONEY if hint is Amount else INSTANT, types.space)
    return {int: "int", str: "str", bool: "bool", Decimal: "float", date: "kind_Date"}[hint]


def _reserved(types: Types) -> None:
    fields = [
        member("category", enumeration(GroupCategory, types.space), bilingual("For whom.", "预留对象"), types.space),
        member("beds", int, bilingual("How many beds.", "床位数"), types.space),
    ]
    text = bilingual("Beds kept for a group.", "预留床位")
    make("ReservedBedsInput", text, fields, types.space, is_input=True)
