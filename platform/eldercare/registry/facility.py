"""Facilities: who cares where, under which ownership and mode of operation."""

from eldercare.kit.term import Term


class FacilityKind(Term):
    """What a facility is; ownership and operating mode are separate axes."""

    NURSING_HOME = "养老院", "nursing home"
    SOCIAL_WELFARE_INSTITUTE = "社会福利院", "social welfare institute"
    RURAL_SUPPORT_CENTER = "农村五保供养服务中心", "rural support centre for the extremely poor"
    TOWN_HOME = "街道(乡镇)敬老院", "town home for the aged"
    RURAL_REGIONAL_CENTER = "农村区域性养老服务中心", "rural regional centre"
    GLORY_HOME = "光荣院", "home for honoured veterans"
    NURSING_HOSPITAL = "护理院", "nursing hospital"
    HOME_CARE_COMPREHENSIVE = "综合性居家养老服务中心", "comprehensive home-care centre of a street"
    HOME_CARE_CENTER = "社区居家养老服务中心", "community home-care centre"
    DAY_CARE_CENTER = "日间照料中心", "day-care centre"
    MUTUAL_AID = "农村幸福院", "rural mutual-aid home"
    MEAL_POINT = "老年助餐点", "meal point"
    CITY_CENTER = "市级养老服务中心", "city elderly-care centre"
    FAMILY_BED = "家庭养老床位", "family care beds (virtual)"
    CHILDCARE = "托育机构", "childcare centre"
