// What a page of a frontend would ask: fragments, pages, a mutation, a subscription, written against the committed schema.
import { graphql } from "../out/gql";
import type { FacilitiesQuery } from "../out/gql/graphql";

export const facilities = graphql(`
  query Facilities($first: Int!, $after: Cursor, $kind: FacilityKind!) {
    facilities(first: $first, after: $after, filter: { kind: { eq: $kind } }, orderBy: [{ field: NAME }]) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { cursor node { ...FacilityCard } }
    }
  }
`);

export const card = graphql(`
  fragment FacilityCard on Facility { id name kind openBeds residents occupancy division { name } }
`);

export const correct = graphql(`
  mutation CorrectSource($id: ID!, $input: SourceCorrection!) {
    correctSource(id: $id, input: $input) { source { id note } errors { code message path } }
  }
`);

export const follow = graphql(`
  subscription Follow($after: Cursor) {
    changes(after: $after) { nodes { id type kind fields } pageInfo { endCursor } }
  }
`);

type Page = NonNullable<FacilitiesQuery["facilities"]>;
export const total = (page: Page): number => page.totalCount;
