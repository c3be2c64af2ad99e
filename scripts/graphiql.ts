/**
 * Puts the files of the page at `/` into dist/graphiql/<version>/, each plain and packed: GraphiQL as
 * its package has bundled it, and our own around it. A folder that is there already is left alone.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readSamples } from '../gateway/graphiql/samples.ts';
import { root } from '../platform/root.ts';

const built = join(root, 'dist/graphiql');
const { version: bundled } = createRequire(import.meta.url)(
  '@graphql-yoga/render-graphiql/package.json',
) as { version: string };
const read = (name: string) => readFileSync(join(root, 'gateway/graphiql', name), 'utf8');
const own = {
  'page.js': read('page.js'),
  'page.css': read('page.css'),
  'samples.json': JSON.stringify(readSamples()),
};
const version = createHash('sha256')
  .update(JSON.stringify([bundled, own]))
  .digest('hex')
  .slice(0, 16);
if (!existsSync(join(built, version))) await build();

async function build(): Promise<void> {
  // 9 MB of text: read only when it is needed.
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql');
  const files = {
    ...own,
    'graphiql.js': bundle.js,
    'graphiql.css': bundle.css,
    'editor.worker.js': bundle.editorWorkerService,
    'json.worker.js': bundle.jsonWorker,
    'graphql.worker.js': bundle.graphqlWorker,
  };
  await rm(built, { recursive: true, force: true });
  const unfinished = join(built, 'unfinished');
  await mkdir(unfinished, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(unfinished, name), text);
    await writeFile(join(unfinished, `${name}.gz`), gzipSync(text));
  }
  await rename(unfinished, join(built, version));
}
