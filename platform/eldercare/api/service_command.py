"""The named commands of the hotline, of service orders, providers, agreements and platforms."""

from eldercare import registry
from eldercare.api.named import Command
from eldercare.registry import franchising, ordering, serving

TEXTS = {
    "at": ("When it happened.", "发生时间"),
    "channel": ("The way it came in.", "请求渠道"),
    "division_id": ("The division it is about.", "区划"),
    "kind": ("The kind, unless the item tells it.", "类别"),
    "item": ("What exactly.", "服务项目"),
    "device_id": ("The terminal, which tells whose it is.", "呼叫终端"),
    "call_id": ("The call it came in by.", "来电"),
    "request_id": ("The request it answers, which tells person, place and kind.", "服务请求"),
    "order_id": ("The order.", "服务工单"),
    "provider_id": ("The provider.", "服务商"),
    "agreement_id": ("The agreement.", "服务协议"),
    "platform_id": ("The platform.", "平台"),
    "organisation_id": ("The organisation.", "组织"),
    "affiliation": ("How it belongs to the system.", "加盟性质"),
    "quantity": ("How many units were given; as ordered unless said.", "数量"),
    "rating": ("The rating, 1 to 5.", "评价星级"),
    "until": ("First day it no longer holds; open without.", "终止日期"),
    "area_ids": ("The territories it covers, each with everything below it.", "服务区域"),
    "kinds": ("Kinds of service it includes, with all their items.", "服务大类"),
    "items": ("Single items it includes besides.", "服务项目"),
    "name": ("Its name.", "名称"),
    "level": ("The level it works at, which is its division's.", "平台层级"),
}
IDS = {
    "division_id": "Division",
    "device_id": "Device",
    "call_id": "HotlineCall",
    "request_id": "ServiceRequest",
    "order_id": "ServiceOrder",
    "provider_id": "ServiceProvider",
    "agreement_id": "ServiceAgreement",
    "platform_id": "Platform",
    "organisation_id": "Organisation",
    "area_ids": "Division",
}
STEPS = (
    ("dispatchServiceOrder", ordering.dispatch, "Give an order to a provider that fits.", "派单", ()),
    ("receiveServiceOrder", serving.receive, "A provider takes an order.", "接单", ()),
    ("startServiceOrder", serving.start, "The service begins.", "开始服务", ()),
    (
        "completeServiceOrder",
        serving.complete,
        "The service is done; it needs an agreement that holds on that day and covers kind and place.",
        "完成服务",
        ("unit_price", "amount"),
    ),
    ("evaluateServiceOrder", serving.evaluate, "The person rates the service.", "评价服务", ("rating_note",)),
    ("settleServiceOrder", serving.settle_order, "The service is paid.", "结算工单", ()),
    ("cancelServiceOrder", serving.cancel, "The person does not want it any more.", "取消工单", ()),
    ("rejectServiceOrder", serving.reject, "Nobody takes the order.", "拒绝工单", ()),
    ("reportNoShow", serving.no_show, "The provider did not come, or nobody was there.", "登记未履约", ()),
)

COMMANDS = (
    Command(
        "requestService",
        registry.ServiceRequest,
        ordering.request_service,
        "Take a request for a service; a terminal tells whose it is.",
        "受理服务请求",
        ("hotline", "caller", "caller_phone", "outcome", "note"),
        texts=TEXTS,
        nouns=IDS,
    ),
    Command(
        "placeServiceOrder",
        registry.ServiceOrder,
        ordering.place_order,
        "Make an order, of a request or without one.",
        "创建服务工单",
        ("number", "scheduled_on", "quantity", "unit_price", "funding", "target_seconds"),
        texts=TEXTS,
        nouns=IDS,
    ),
    *(
        Command(name, registry.ServiceOrder, run, en, zh, extra, texts=TEXTS, nouns=IDS)
        for name, run, en, zh, extra in STEPS
    ),
    Command(
        "registerServiceProvider",
        registry.ServiceProvider,
        franchising.register_provider,
        "Register an organisation as a provider of services.",
        "登记服务商",
        ("facility_id", "order_limit"),
        texts=TEXTS,
        nouns=IDS,
    ),
    Command(
        "changeProviderStatus",
        registry.ServiceProvider,
        franchising.change_provider_status,
        "Suspend a provider, let it work again, or end it with its agreements.",
        "变更服务商状态",
        texts=TEXTS,
        nouns=IDS,
    ),
    Command(
        "registerServiceAgreement",
        registry.ServiceAgreement,
        franchising.register_agreement,
        "Sign an agreement with a provider: from when, where and for which services.",
        "登记服务协议",
        ("number", "purchaser_id", "platform_id"),
        texts=TEXTS,
        nouns=IDS,
    ),
    Command(
        "terminateServiceAgreement",
        registry.ServiceAgreement,
        franchising.end_agreement,
        "End an agreement; refused where services were given under it after that day.",
        "终止服务协议",
        texts=TEXTS,
        nouns=IDS,
    ),
    Command(
        "openPlatform",
        registry.Platform,
        franchising.open_platform,
        "Open a platform of service information for a division.",
        "开通平台",
        ("operator_id", "hotline", "pilot"),
        texts=TEXTS,
        nouns=IDS,
    ),
    Command(
        "changePlatformStatus",
        registry.Platform,
        franchising.change_platform_status,
        "Suspend a platform, let it work again, or close it.",
        "变更平台状态",
        texts=TEXTS,
        nouns=IDS,
    ),
)
"""All of them; each is a plain function of the registry."""
