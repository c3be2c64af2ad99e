/**
 * Compares the graph with the one of the last release, for each audience: `npm run schema:check --
 * [folder or manifest ...]`. It fails where a change breaks what a recorded operation asks for, and
 * warns of other changes that may break somebody. Operations are those of examples/client and of what is
 * named: folders as for `npm run documents`, or manifests. `--record` makes the graph as it is the one
 * of the last release.
 */
import { type DocumentNode, parse } from 'graphql';
import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { audienceGraphs, audiences } from '../gateway/audiences.ts';
import { readManifest } from '../gateway/documents/manifest.ts';
import type { Audience } from '../platform/contract.generated.ts';
import { limits } from '../platform/limits.ts';
import { root } from '../platform/root.ts';
import { collectOperations } from './documents/collect.ts';
import { type Change, findChanges } from './schema/changes.ts';

interface Recorded {
  /** Who asks; null where that is not known. */
  audience: Audience | null;
  document: DocumentNode;
}

const current = join(root, 'schema/supergraph.graphql');
const released = join(root, 'schema/released.graphql');
const words = process.argv.slice(2);

try {
  if (words.includes('--record')) copyFileSync(current, released);
  else process.exitCode = tell(await compare(recordedIn(words)));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function compare(recorded: readonly Recorded[]): Promise<Change[]> {
  const [before, now] = [released, current].map((path) =>
    audienceGraphs(readFileSync(path, 'utf8')),
  );
  const changes = await Promise.all(
    audiences.map((audience) =>
      findChanges({
        audience,
        released: before![audience],
        current: now![audience],
        documents: recorded
          .filter((each) => each.audience === null || each.audience === audience)
          .map(({ document }) => document),
      }),
    ),
  );
  return changes.flat();
}

function recordedIn(names: readonly string[]): Recorded[] {
  const given = names.map((name) => resolve(process.env['INIT_CWD'] ?? '.', name));
  return [join(root, 'examples/client'), ...given].flatMap((path) =>
    statSync(path).isDirectory() ? readFolder(path) : readFile(path),
  );
}

function readFolder(folder: string): Recorded[] {
  return collectOperations(folder).map(({ audience, source }) => ({
    audience,
    document: parse(source),
  }));
}

function readFile(path: string): Recorded[] {
  const manifest = readManifest(readFileSync(path, 'utf8'), limits);
  return [...manifest.values()].map(({ document }) => ({ audience: null, document }));
}

/** Writes a line for each change, with all whom it concerns. @returns the exit code */
function tell(changes: readonly Change[]): number {
  const lines = new Map<string, Change[]>();
  for (const change of changes) {
    const line = `${change.isUsed ? 'breaks' : 'may break'}  ${change.coordinate}  ${change.message}`;
    lines.set(line, [...(lines.get(line) ?? []), change]);
  }
  for (const [line, [...same]] of [...lines].sort(([a], [b]) => (a < b ? -1 : 1))) {
    process.stderr.write(`${line}  (${same.map(({ audience }) => audience).join(', ')})\n`);
  }
  const isBroken = changes.some(({ isUsed }) => isUsed);
  if (isBroken) {
    process.stderr.write('Mend what breaks, or record a release: npm run schema:release\n');
  }
  return isBroken ? 1 : 0;
}
