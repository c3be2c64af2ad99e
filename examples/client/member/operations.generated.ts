// Generated from the operations here by `npm run codegen:client`. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type MemberPageQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type MemberPageQuery = { me: { displayName: string, balance: { available: number, byIssuer: Array<{ points: number, issuer: { name: string } | null }> | null } | null, statement: { nodes: Array<{ id: string, effectiveAt: string, points: number, description: string, partner: { name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null, feed: { nodes: Array<{ title: string, author: { displayName: string } | null, about:
        | { __typename: 'Reward', name: string }
        | { __typename: 'Partner', name: string }
       | null }> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const MemberPageDocument = new TypedDocumentString(`
    query MemberPage($after: String) {
  me {
    displayName
    balance {
      available
      byIssuer {
        issuer {
          name
        }
        points
      }
    }
    statement(first: 3, after: $after) {
      nodes {
        id
        effectiveAt
        points
        description
        partner {
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  feed(first: 1) {
    nodes {
      title
      author {
        displayName
      }
      about {
        __typename
        ... on Reward {
          name
        }
        ... on Partner {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MemberPageQuery, MemberPageQueryVariables>;
