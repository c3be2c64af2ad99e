import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SubgraphName, subgraphNames } from '../../platform/config.ts';
import { root } from '../../platform/root.ts';

/** Where subgraphs are: for hops that are signed, and for those of other gateways; and what takes traces. */
export interface SubgraphUrls extends Record<
  'signed' | 'open',
  Partial<Record<SubgraphName, string>>
> {
  collector: string;
}

/** What a gateway is started with, as JSON in its arguments. */
export interface Given {
  urls: SubgraphUrls;
  /** Of the Hive gateway: where it was installed. */
  folder: string | null;
}

export const hopKey = { id: 'bench', secret: 'a-secret-of-the-bench-of-32-characters-or-more' };

export function readSupergraph(): string {
  return readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8');
}

/** The supergraph, for gateways that find in it where subgraphs are. */
export function supergraphFor({ open }: Pick<SubgraphUrls, 'open'>): string {
  return subgraphNames.reduce(
    (sdl, name) =>
      sdl.replace(
        new RegExp(String.raw`(@join__graph\(name: "${name}", url: ")[^"]*`),
        `$1${open[name]}/graphql`,
      ),
    readSupergraph(),
  );
}

/** Tells the bench where this process is found; it ends with the bench. */
export function tell(where: number | SubgraphUrls): void {
  process.on('disconnect', () => process.exit());
  process.send!(where);
}
