import { type Stats, unwatchFile, watchFile } from 'node:fs';

/**
 * Calls back after a file has changed, also where another took its place, as programs that write
 * carefully and mounted configuration do. It looks at intervals: that works on every file system.
 *
 * @returns what ends it
 */
export function onFileChange(path: string, everyMs: number, changed: () => void): () => void {
  const listener = (now: Stats, before: Stats): void => {
    const isSame =
      now.mtimeMs === before.mtimeMs && now.size === before.size && now.ino === before.ino;
    if (!isSame) changed();
  };
  watchFile(path, { interval: everyMs, persistent: false }, listener);
  return () => unwatchFile(path, listener);
}
