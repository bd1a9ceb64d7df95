// The examples of the query desk: title in Chinese and English, document, variables.

export const EXAMPLES = [
  {
    title: ["萧山的五家供养中心", "The five centres of Xiaoshan"],
    query: `query Centres($in: ID!, $on: Date!) {
  facilities(
    filter: { within: $in, kind: { eq: RURAL_SUPPORT_CENTER } }
    orderBy: [{ field: NAME }]
    asOf: $on
  ) {
    totalCount
    nodes {
      name
      ownership
      division { name parent { name } }
      openBeds
      residents
    }
  }
}`,
    variables: { in: "330109000000", on: "2020-05-19" },
  },
  {
    title: ["石家庄：公办与民办", "Shijiazhuang: public and private"],
    query: `query Owners($in: ID!, $on: Date!) {
  facilitySummary(groupBy: [PUBLIC], filter: { within: $in, openBeds: { gt: 0 } }, asOf: $on) {
    public
    count
    openBeds
    residents
    occupancy
  }
}`,
    variables: { in: "130100000000", on: "2018-06-30" },
  },
  {
    title: ["各区县入住率，低于四成", "Counties below 40 % occupancy"],
    query: `query Empty($in: ID!, $on: Date!) {
  facilitySummary(
    groupBy: [COUNTY]
    filter: { within: $in }
    having: { occupancy: { lt: 0.4 } }
    orderBy: [{ field: OCCUPANCY }]
    asOf: $on
  ) {
    county { name }
    count
    openBeds
    residents
    occupancy
  }
}`,
    variables: { in: "130100000000", on: "2018-06-30" },
  },
  {
    title: ["萧山的老年群体", "Groups of people in Xiaoshan"],
    query: `query Groups($in: ID!, $on: Date!) {
  each: groupCounts(division: $in, asOf: $on) { category people }
  together: groupCounts(
    division: $in
    categories: [EXTREMELY_POOR, DIBAO, FAMILY_PLANNING_SPECIAL]
    distinct: true
    asOf: $on
  ) { people }
}`,
    variables: { in: "330109000000", on: "2020-05-19" },
  },
  {
    title: ["同一机构，不同时点", "The same facility at two dates"],
    query: `query Before($in: ID!) {
  before: facilities(filter: { within: $in, kind: { eq: RURAL_SUPPORT_CENTER } }, first: 2, asOf: "2016-01-01") { ...shown }
  after: facilities(filter: { within: $in, kind: { eq: RURAL_SUPPORT_CENTER } }, first: 2, asOf: "2020-05-19") { ...shown }
}

fragment shown on FacilityConnection {
  nodes {
    name
    contracts { nodes { operator { name kind } validFrom validTo groupOperation } }
  }
}`,
    variables: { in: "330109000000" },
  },
  {
    title: ["床位排队的人", "People who wait for a bed"],
    query: `query Waiting($in: ID!, $on: Date!) {
  applications(
    filter: { within: $in, status: { eq: QUEUED } }
    orderBy: [{ field: PRIORITY_CLASS }, { field: APPLIED_ON }]
    first: 8
    asOf: $on
  ) {
    totalCount
    nodes {
      priorityClass
      appliedOn
      bedType
      person { name sex birthDate }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
    variables: { in: "330109000000", on: "2020-05-19" },
  },
  {
    title: ["词汇：机构类型", "Vocabulary: kinds of facilities"],
    query: `{
  vocabulary(name: "FacilityKind") {
    name
    terms { code zh en }
  }
}`,
  },
];
