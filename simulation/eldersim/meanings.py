"""How each measure is computed, in Chinese; the English words stand with the measures themselves."""

from __future__ import annotations

from eldersim.outcome import MEASURES

CHINESE = {
    "residents": "在床人数",
    "beds": "已开放且配足人员的床位",
    "occupancy": "入住人数 ÷ 可用床位",
    "nursing_occupancy": "护理型、失智照护、康复床位的入住人数 ÷ 这些床位",
    "waiting": "轮候名单上的申请人",
    "waiting_nursing": "需要护理型、失智照护或康复床位的申请人",
    "misplaced": "需要其他类型床位的入住老人",
    "applied": "当年提出申请的人数",
    "placed": "当年入住的人数",
    "mean_wait": "轮候天数 ÷ 入住人数，含当即入住者",
    "placed_30": "30天内入住人数 ÷ 入住人数",
    "died": "在轮候名单上去世的人数",
    "withdrew": "轮候期间撤回的申请",
    "hospital": "轮候期间长期转入医院的人数",
    "lost_share": "去世 ÷（去世 + 撤回 + 转院 + 入住）",
    "diverted": "改由居家服务照护的申请人",
    "transferred": "转到所需床位的入住老人",
    "relocated": "因关停转出的入住老人",
    "misplaced_days": "入住老人占用其他类型床位的床日",
    "bed_days": "入住老人占用的床日",
    "occupancy_mean": "使用床日 ÷ 开放床日",
    "home_days": "居家服务人日",
}


def meaning(measure: str, language: str = "en") -> str:
    """How a measure is computed, in Chinese (`zh`) or English."""
    return CHINESE[measure] if language == "zh" else MEASURES[measure].words
