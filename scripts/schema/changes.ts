import {
  ChangeType,
  CriticalityLevel,
  type Change as InspectedChange,
  diff,
} from '@graphql-inspector/core';
import { type DocumentNode, type GraphQLSchema, specifiedRules, validate } from 'graphql';
import type { Audience } from '../../platform/contract.generated.ts';
import { usedBy } from './used.ts';

/** A change of the graph that can break a client. */
export interface Change {
  audience: Audience;
  /** What is changed: `Type.field`. */
  coordinate: string;
  message: string;
  /** Whether it breaks what a recorded operation asks for; the others may break what is not recorded. */
  isUsed: boolean;
}

/** One audience's graph, as it was released and as it is. */
export interface Compared {
  audience: Audience;
  released: GraphQLSchema;
  current: GraphQLSchema;
  /** What is known to be asked for. */
  documents: readonly DocumentNode[];
}

/** The changes that break clients, or may. What only adds to the graph is none. */
export async function findChanges(compared: Compared): Promise<Change[]> {
  const { audience, released, current, documents } = compared;
  // What the release did not have is another one's operation, or a new one.
  const asked = documents.filter((document) => fits(released, document));
  const used = usedBy(asked, released);
  const changes = await diff(released, current);
  return (
    changes
      .filter(({ criticality }) => criticality.level !== CriticalityLevel.NonBreaking)
      // What stands on types is for routers: no client sees it.
      .filter(({ type }) => !type.startsWith('DIRECTIVE_USAGE'))
      .map((change) => ({
        audience,
        coordinate: change.path ?? '',
        message: change.message,
        isUsed: change.criticality.level === CriticalityLevel.Breaking && touches(change, used),
      }))
  );
}

function fits(schema: GraphQLSchema, document: DocumentNode): boolean {
  return validate(schema, document, specifiedRules).length === 0;
}

/** What is new and has to be given breaks what it is a part of; anything else breaks itself. */
function touches({ type, path = '' }: InspectedChange, used: ReadonlySet<string>): boolean {
  const isNew = type === ChangeType.FieldArgumentAdded || type === ChangeType.InputFieldAdded;
  return used.has(isNew ? path.slice(0, path.lastIndexOf('.')) : path);
}
