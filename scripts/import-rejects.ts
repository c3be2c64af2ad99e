import { stringify } from 'csv-stringify/sync';
import { type FileHandle, open, realpath, rm } from 'node:fs/promises';
import { ConfigError } from '../platform/config.ts';
import type { Rejection } from '../subgraphs/partners/imports/imports.ts';

/** The file that rejected rows go to. */
export interface RejectsFile {
  add(rejections: Rejection[]): Promise<void>;
  /** Leaves no file behind that holds nothing. */
  close(): Promise<void>;
}

/** Where the rejected rows of a file go, beside it. */
export function rejectsPathOf(file: string): string {
  return `${file.replace(/\.(csv|jsonl|ndjson)$/i, '')}.rejected.csv`;
}

/**
 * Opens the file, in place of an earlier one: it can be written before anything is posted.
 *
 * @param columns of the imported file
 * @throws ConfigError it is the imported file itself, or cannot be written
 */
export async function openRejects(
  path: string,
  { file, columns }: { file: string; columns: string[] },
): Promise<RejectsFile> {
  const there = await realpath(path).catch(() => null);
  if (there !== null && there === (await realpath(file))) {
    throw new ConfigError(`${path} is the file to import: name another for the rejected rows.`);
  }
  const opened = await openToWrite(path);
  let isEmpty = true;
  return {
    async add(rejections) {
      if (rejections.length === 0) return;
      const lines = rejections.map(({ line, code, message, fields }) => [
        line,
        code,
        message,
        ...fields,
      ]);
      if (isEmpty) lines.unshift(['line', 'code', 'message', ...columns]);
      isEmpty = false;
      await opened.appendFile(stringify(lines));
    },
    async close() {
      await opened.close();
      if (isEmpty) await rm(path);
    },
  };
}

async function openToWrite(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w');
  } catch (cause) {
    throw new ConfigError(`${path} cannot be written: ${(cause as Error).message}.`, { cause });
  }
}
