/** Messages to people, as files: what there is where no server takes them. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folders = { mail: 'eml', texts: 'txt' } as const;
let count = 0;

/** Writes a message to an address into the folder of its kind. @returns the file */
export async function writeMessage(
  dataDir: string,
  kind: keyof typeof folders,
  { to, content }: { to: string; content: string | Buffer },
): Promise<string> {
  const folder = join(dataDir, kind);
  await mkdir(folder, { recursive: true });
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const file = join(folder, `${time}-${process.pid}-${++count}${endingOf(to, kind)}`);
  await writeFile(file, content, { mode: 0o600 });
  return file;
}

/** Removes all that was written to these addresses. */
export async function removeMessages(dataDir: string, addresses: readonly string[]): Promise<void> {
  for (const kind of ['mail', 'texts'] as const) {
    const endings = addresses.map((address) => endingOf(address, kind));
    const folder = join(dataDir, kind);
    for (const file of await filesIn(folder)) {
      const isTheirs = endings.some((ending) => file.endsWith(ending));
      if (isTheirs) await rm(join(folder, file), { force: true });
    }
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    // Nothing was written yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** How the files of an address end: they are found without a look into each. */
function endingOf(address: string, kind: keyof typeof folders): string {
  const hash = createHash('sha256').update(address.toLowerCase()).digest('hex');
  return `-${hash.slice(0, 16)}.${folders[kind]}`;
}
