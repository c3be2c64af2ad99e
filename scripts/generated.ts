import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../platform/root.ts';

/**
 * Writes a generated file; with `--check` on the command line it writes nothing, and fails where the
 * committed file is not what the sources give.
 */
export async function writeGenerated(file: string, text: string): Promise<void> {
  const path = join(root, file);
  if (!process.argv.includes('--check')) return writeFile(path, text);
  const committed = await readFile(path, 'utf8').catch(() => '');
  if (committed === text) return;
  process.stderr.write(`${file} is not fresh: run npm run codegen and npm run compose.\n`);
  process.exitCode = 1;
}
