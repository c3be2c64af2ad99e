/** What is asked, and who asks. */
export interface Question {
  query: string;
  variables: object;
  /** Who asks, as `npm run token` takes it; null: nobody that is known. */
  asker: string[] | null;
}

const ada = 'ada@example.com';
const about = `__typename
  ... on Reward { name imageUrl prices { points } partner { name logoUrl } }
  ... on Partner { name logoUrl }`;

export const questions: Readonly<Record<string, Question>> = {
  // What a member sees first.
  home: {
    query: `query Home($first: Int = 10) {
  me {
    id displayName memberNumber
    level { name rank }
    balances {
      currency { code name }
      available pending held
      byIssuer { issuer { name logoUrl } points }
      expiring(within: 90) { points on }
    }
    tier { tier { name } validUntil qualifyingPoints next { tier { name } remaining percent } }
    stampCards { name current target points partner { name } }
    offers(first: $first) {
      nodes { id title endsAt activated partner { name logoUrl } progress { current target percent } }
    }
  }
  rewards(first: $first) {
    nodes {
      id name imageUrl kind
      prices { points } availability { stock } partner { name } rating { average count }
    }
  }
  feed(first: $first) {
    nodes { id kind title body createdAt author { displayName level { name } } about { ${about} } }
  }
}`,
    variables: {},
    asker: ['member', ada],
  },
  // What a till asks before points are spent at it.
  shared: {
    query: `query Shared($by: MemberRef!) {
  member(by: $by) {
    id displayName level { name }
    balance { currency { code } available worth { amount currency } }
  }
}`,
    variables: { by: { email: ada } },
    asker: ['partner', 'SHOP', 'balances:read'],
  },
  catalogue: {
    query: `query Catalogue {
  rewards(first: 50) {
    nodes {
      id sku name description imageUrl kind categories status
      prices { points } availability { stock }
      partner { id code name logoUrl brandColor }
      rating { average count }
    }
  }
}`,
    variables: {},
    asker: null,
  },
};
