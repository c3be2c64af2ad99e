/** What is measured: by name, the request of each. */
export const queries: Readonly<Record<string, { query: string; variables: object }>> = {
  small: {
    query: 'query Small { me { id displayName memberNumber joinedAt } }',
    variables: {},
  },
  home: {
    query: `query Home($entries: Int = 10, $posts: Int!) {
  me {
    id displayName level { name rank }
    balance { available pending }
    statement(first: $entries) { nodes { id kind points effectiveAt description } }
  }
  feed(first: $posts) {
    nodes {
      id title body createdAt
      author { displayName level { name } }
      about {
        ... on Reward { name imageUrl prices { points } partner { name logoUrl } }
        ... on Partner { name logoUrl }
      }
    }
  }
}`,
    variables: { posts: 10 },
  },
  large: {
    query: `query Large {
  feed(first: 100) {
    nodes {
      id kind title body topics createdAt
      author { id displayName level { code name rank } }
      about {
        ... on Reward { id sku name description imageUrl categories partner { id code name } rating { average count } }
        ... on Partner { id code name description website logoUrl rating { average count } }
      }
    }
  }
  rewards(first: 100) {
    nodes {
      id sku name description imageUrl kind categories status
      partner { id code name description website brandColor logoUrl }
      prices { points } availability { __typename }
      rating { average count }
    }
  }
}`,
    variables: {},
  },
  /** The same for everybody: its answer may be kept. */
  catalog: {
    query: `query Catalog($first: Int!) {
  rewards(first: $first) {
    nodes {
      id name imageUrl kind
      partner { id name logoUrl }
      prices { points } availability { stock }
      rating { average count }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
    variables: { first: 20 },
  },
};

/** Those that are measured unless others are named. */
export const usualQueries = ['small', 'home', 'large'];
