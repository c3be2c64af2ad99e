import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FieldDefinitionNode, Kind } from 'graphql';
import { subgraphNames } from '../../platform/config.ts';
import { root } from '../../platform/root.ts';
import { readSdl } from '../../platform/subgraph.ts';

/**
 * What partners' clients may call and the log does not tell of: the ledger explains every point that they
 * move, and the activity, the hold or the conversion keeps who asked for it.
 */
const explainedElsewhere = new Set([
  'recordActivity',
  'recordActivities',
  'confirmActivity',
  'holdPoints',
  'captureHold',
  'releaseHold',
  'confirmConversion',
  'refuseConversion',
]);

describe('the audit log', () => {
  it.each(subgraphNames)('tells of every act of staff and partners in %s', (name) => {
    const source = sourcesIn(join(root, 'subgraphs', name)).join('\n');
    const acts = mutationsOf(name).filter((act) => !explainedElsewhere.has(act));

    expect(acts.filter((act) => !new RegExp(`action: '${act}'|, '${act}',`).test(source))).toEqual(
      [],
    );
  });
});

/** The mutations that a rule opens to staff or partners. */
function mutationsOf(name: (typeof subgraphNames)[number]): string[] {
  const fields = readSdl(name).definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === 'Mutation'
      ? (definition.fields ?? [])
      : [],
  );
  return fields
    .filter((field) => audiencesOf(field).some((to) => to === 'ADMIN' || to === 'PARTNER'))
    .map((field) => field.name.value);
}

function audiencesOf({ directives = [] }: FieldDefinitionNode): string[] {
  return directives.flatMap(({ arguments: given = [] }) =>
    given.flatMap(({ value }) =>
      value.kind === Kind.LIST
        ? value.values.flatMap((each) => (each.kind === Kind.ENUM ? each.value : []))
        : [],
    ),
  );
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    const isSource = entry.name.endsWith('.ts') && !entry.name.includes('.generated.');
    return isSource ? readFileSync(path, 'utf8') : [];
  });
}
