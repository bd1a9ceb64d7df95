"""The registry: the entities and the only ways to read and write them."""

from eldercare.registry.access_token import AccessToken
from eldercare.registry.admission import AdmissionRule
from eldercare.registry.application import Application, ApplicationPhase, ApplicationPreference
from eldercare.registry.assessment import AbilityAssessment, CareRiskEvent
from eldercare.registry.audit import AuditDocument, AuditEvent, AuditHead, AuditPerson
from eldercare.registry.audit_pruning import AuditCheckpoint
from eldercare.registry.calendar import CalendarDay
from eldercare.registry.capability import FacilityCapability, MedicalIntegration
from eldercare.registry.capacity import CapacityPeriod, CapacityReserve
from eldercare.registry.census import Census, Visit
from eldercare.registry.change_report import ChangeReport
from eldercare.registry.changelog import Change
from eldercare.registry.checklist import (
    ChecklistItem,
    ChecklistTemplate,
    Finding,
    Inspection,
    InspectionResult,
    Inspector,
)
from eldercare.registry.childcare import ChildcarePeriod
from eldercare.registry.contract import OperatingContract
from eldercare.registry.disbursement import (
    BatchApproval,
    DisbursementBatch,
    DisbursementLine,
    Reconciliation,
    ReconciliationDifference,
)
from eldercare.registry.division import Division, DivisionSuccessor
from eldercare.registry.edition import ReturnEdition
from eldercare.registry.entitlement import AccountTransaction, Entitlement, ServiceAccount
from eldercare.registry.entity import Record
from eldercare.registry.evaluation import EvaluationCriterion, EvaluationPlan, EvaluationScore, PerformanceEvaluation
from eldercare.registry.experience import (
    CaseApproval,
    CasePromotion,
    CaseReview,
    ExperienceCall,
    ExperienceCase,
)
from eldercare.registry.facility import Facility, FacilityPhase, FacilitySuccession
from eldercare.registry.field_visit import FieldVisit, FieldVisitStop
from eldercare.registry.fund import FundAllocation, FundAudit, FundIssue, FundSource, Grant
from eldercare.registry.grouping import Brand, FacilityBrand, UnificationItem
from eldercare.registry.hazard import FireSafety, Hazard, HazardReview, Rectification
from eldercare.registry.hotline import Device, HotlineCall, ServiceRequest
from eldercare.registry.idempotency import IdempotencyKey
from eldercare.registry.import_batch import ImportBatch, ImportRow, SourceLink
from eldercare.registry.membership import GroupMembership
from eldercare.registry.organisation import Organisation, OrganisationMembership
from eldercare.registry.person import LivingArrangement, Person, Residence
from eldercare.registry.pilot import Pilot, PilotBatch, PilotRegion, PilotSummary
from eldercare.registry.policy_document import PlanMeasure, PolicyAddressee, PolicyDocument
from eldercare.registry.provider import (
    AgreementArea,
    AgreementService,
    ProviderPhase,
    ServiceAgreement,
    ServiceProvider,
)
from eldercare.registry.publication import PublishedCount, PublishedEdition
from eldercare.registry.rating import Rating
from eldercare.registry.scheme import EligibilityRule, SchemeDivision, StopRule, SubsidyScheme, SubsidyTier
from eldercare.registry.service_area import FacilityArea
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.service_platform import Platform, PlatformPhase
from eldercare.registry.source import Source
from eldercare.registry.statement import FacilityStatement
from eldercare.registry.statistic import Indicator, IndicatorTarget, PopulationStatistic, ReportedFigure
from eldercare.registry.stay import Stay, StayLeave
from eldercare.registry.upgrade import GapOption, Project, StarUpgradeProject, UpgradeGap
from eldercare.registry.usage import FieldUsage
from eldercare.registry.willingness import Willingness
from eldercare.registry.workforce import Caregiver, Employment, StaffPost, TrainingRecord

ENTITIES: tuple[type[Record], ...] = (
    Source,
    Division,
    DivisionSuccessor,
    Organisation,
    OrganisationMembership,
    Person,
    Residence,
    LivingArrangement,
    GroupMembership,
    AbilityAssessment,
    CareRiskEvent,
    ChangeReport,
    ImportBatch,
    ImportRow,
    SourceLink,
    Census,
    Visit,
    Willingness,
    Facility,
    FacilityPhase,
    FacilitySuccession,
    CapacityPeriod,
    CapacityReserve,
    OperatingContract,
    FacilityCapability,
    MedicalIntegration,
    Caregiver,
    Rating,
    StaffPost,
    Employment,
    TrainingRecord,
    ChecklistTemplate,
    ChecklistItem,
    Inspection,
    Inspector,
    InspectionResult,
    Finding,
    Hazard,
    Rectification,
    HazardReview,
    FireSafety,
    StarUpgradeProject,
    UpgradeGap,
    GapOption,
    Project,
    UnificationItem,
    Brand,
    FacilityBrand,
    EvaluationPlan,
    EvaluationCriterion,
    PerformanceEvaluation,
    EvaluationScore,
    Application,
    ApplicationPhase,
    ApplicationPreference,
    Stay,
    StayLeave,
    FieldVisit,
    FieldVisitStop,
    PopulationStatistic,
    Indicator,
    IndicatorTarget,
    ReportedFigure,
    AdmissionRule,
    FacilityArea,
    ChildcarePeriod,
    Platform,
    PlatformPhase,
    ServiceProvider,
    ProviderPhase,
    ServiceAgreement,
    AgreementService,
    AgreementArea,
    Device,
    HotlineCall,
    ServiceRequest,
    ServiceOrder,
    SubsidyScheme,
    SchemeDivision,
    SubsidyTier,
    EligibilityRule,
    StopRule,
    Entitlement,
    ServiceAccount,
    FundSource,
    FundAllocation,
    Grant,
    DisbursementBatch,
    DisbursementLine,
    BatchApproval,
    Reconciliation,
    ReconciliationDifference,
    AccountTransaction,
    FundAudit,
    FundIssue,
    CalendarDay,
    FacilityStatement,
    ReturnEdition,
    PolicyDocument,
    PolicyAddressee,
    PlanMeasure,
    Pilot,
    PilotBatch,
    PilotRegion,
    PilotSummary,
    ExperienceCall,
    ExperienceCase,
    CaseApproval,
    CaseReview,
    CasePromotion,
)
"""All nouns of the registry, parents before those that refer to them."""

__all__ = [
    "ENTITIES",
    "AbilityAssessment",
    "AccessToken",
    "AccountTransaction",
    "AdmissionRule",
    "AgreementArea",
    "AgreementService",
    "Application",
    "ApplicationPhase",
    "ApplicationPreference",
    "AuditCheckpoint",
    "AuditDocument",
    "AuditEvent",
    "AuditHead",
    "AuditPerson",
    "BatchApproval",
    "Brand",
    "CalendarDay",
    "CapacityPeriod",
    "CapacityReserve",
    "CareRiskEvent",
    "Caregiver",
    "CaseApproval",
    "CasePromotion",
    "CaseReview",
    "Census",
    "Change",
    "ChangeReport",
    "ChecklistItem",
    "ChecklistTemplate",
    "ChildcarePeriod",
    "Device",
    "DisbursementBatch",
    "DisbursementLine",
    "Division",
    "DivisionSuccessor",
    "EligibilityRule",
    "Employment",
    "Entitlement",
    "EvaluationCriterion",
    "EvaluationPlan",
    "EvaluationScore",
    "ExperienceCall",
    "ExperienceCase",
    "Facility",
    "FacilityArea",
    "FacilityBrand",
    "FacilityCapability",
    "FacilityPhase",
    "FacilityStatement",
    "FacilitySuccession",
    "FieldUsage",
    "FieldVisit",
    "FieldVisitStop",
    "Finding",
    "FireSafety",
    "FundAllocation",
    "FundAudit",
    "FundIssue",
    "FundSource",
    "GapOption",
    "Grant",
    "GroupMembership",
    "Hazard",
    "HazardReview",
    "HotlineCall",
    "IdempotencyKey",
    "ImportBatch",
    "ImportRow",
    "Indicator",
    "IndicatorTarget",
    "Inspection",
    "InspectionResult",
    "Inspector",
    "LivingArrangement",
    "MedicalIntegration",
    "OperatingContract",
    "Organisation",
    "OrganisationMembership",
    "PerformanceEvaluation",
    "Person",
    "Pilot",
    "PilotBatch",
    "PilotRegion",
    "PilotSummary",
    "PlanMeasure",
    "Platform",
    "PlatformPhase",
    "PolicyAddressee",
    "PolicyDocument",
    "PopulationStatistic",
    "Project",
    "ProviderPhase",
    "PublishedCount",
    "PublishedEdition",
    "Rating",
    "Reconciliation",
    "ReconciliationDifference",
    "Rectification",
    "ReportedFigure",
    "Residence",
    "ReturnEdition",
    "SchemeDivision",
    "ServiceAccount",
    "ServiceAgreement",
    "ServiceOrder",
    "ServiceProvider",
    "ServiceRequest",
    "Source",
    "SourceLink",
    "StaffPost",
    "StarUpgradeProject",
    "Stay",
    "StayLeave",
    "StopRule",
    "SubsidyScheme",
    "SubsidyTier",
    "TrainingRecord",
    "UnificationItem",
    "UpgradeGap",
    "Visit",
    "Willingness",
]
