import { readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { root } from '../platform/root.ts';

/**
 * Writes a generated file, named from the project's folder or in full. With `--check` on the command
 * line it writes nothing, and fails where the committed file is not what the sources give.
 */
export async function writeGenerated(file: string, text: string): Promise<void> {
  const path = resolve(root, file);
  if (!process.argv.includes('--check')) return writeFile(path, text);
  const committed = await readFile(path, 'utf8').catch(() => '');
  if (committed === text) return;
  process.stderr.write(
    `${relative(root, path)} is not fresh: run npm run compose, codegen, codegen:client and pictures.\n`,
  );
  process.exitCode = 1;
}
