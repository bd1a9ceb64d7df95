// A page as Relay knows it: a connection that grows, fragments that are fetched again, a subscription and a mutation.
declare function graphql(text: TemplateStringsArray): unknown;

graphql`
  query pageQuery($id: ID!) {
    node(id: $id) { ...page_facility @alias }
    ...page_facilities
  }
`;

graphql`
  fragment page_facility on Facility @refetchable(queryName: "pageFacilityQuery") {
    name
    stays(first: 10) { edges { node { id admittedOn } } }
  }
`;

graphql`
  fragment page_facilities on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "Cursor" })
  @refetchable(queryName: "pageFacilitiesQuery") {
    facilities(first: $count, after: $cursor) @connection(key: "page_facilities") { edges { node { ...page_facility } } }
  }
`;

graphql`
  mutation pageMutation($input: CreateSourceInput!, $connections: [ID!]!) {
    createSource(input: $input) {
      source @appendNode(connections: $connections, edgeTypeName: "SourceEdge") { id system }
      errors { code message }
    }
  }
`;

graphql`
  subscription pageSubscription($after: Cursor) {
    changes(after: $after) { nodes { kind record { id ...page_facility @alias } } pageInfo { endCursor } }
  }
`;
