"""Where records come from: the systems, documents and people behind each fact of the registry."""

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Record, column, term
from eldercare.security.privacy import Reach


class CollectionMethod(Term):
    """How a fact reached the registry."""

    VILLAGE_REPORT = "村(社区)上报", "reported by a village or community"
    BIG_DATA_MATCH = "大数据比对", "found by matching registers"
    SELF_APPLICATION = "本人申请", "applied for by the person"
    FACILITY_REPORT = "机构上报", "reported by a facility"
    ENTRY = "人工录入", "entered by an officer"
    IMPORT = "批量导入", "imported from another system"
    SEED_TEXT = "公开报道", "taken from a published text"
    SYNTHETIC = "合成数据", "synthetic, describes nobody"


class Source(Record):
    """The origin of records: which system or document, collected how, reported by whom."""

    __tablename__ = "source"
    __zh__ = "数据来源"
    __reach__ = Reach(everybody=True)

    system: Mapped[str] = column(String(80), en="The system it came from.", zh="来源系统")
    document: Mapped[str | None] = column(String(300), en="The document it was taken from.", zh="来源文件")
    document_date: Mapped[date | None] = column(Date, en="The date of the document.", zh="文件日期")
    licence: Mapped[str | None] = column(String(120), en="Under which terms it may be used.", zh="许可")
    collection_method: Mapped[CollectionMethod] = column(
        term(CollectionMethod), en="How the facts were collected.", zh="采集方式"
    )
    reported_by: Mapped[str | None] = column(
        String(12), en="Code of the division that reported them.", zh="上报区划代码"
    )
    import_batch: Mapped[str | None] = column(String(80), index=True, en="The import they came with.", zh="导入批次")
    recorded_by: Mapped[str] = column(String(120), en="Who brought them in.", zh="记录人")
    note: Mapped[str | None] = column(String(500), en="What else a reader must know.", zh="备注")
