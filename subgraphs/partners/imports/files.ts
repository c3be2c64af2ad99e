import type { Readable } from 'node:stream';
import type { RecordActivity } from '../activities/reports.ts';
import { csv } from './csv.ts';
import type { FileFormat, FileRow, Place } from './file-format.ts';
import { jsonLines } from './json-lines.ts';

/** A file of activities whose head is read. */
export interface ActivityFile {
  format: FileFormat;
  columns: string[];
  /** Behind the head. */
  start: Place;
  rows: AsyncIterable<FileRow>;
}

const beginning: Place = { byte: 0, line: 1 };

/** How a file is read: what ends with .jsonl or .ndjson is JSON Lines, all else is CSV. */
export function formatOf(fileName: string): FileFormat {
  return /\.(jsonl|ndjson)$/i.test(fileName) ? jsonLines : csv;
}

/**
 * Reads the head of a file.
 *
 * @throws Refusal INVALID it is empty, not in its format, or lacks a column that the kind needs
 */
export async function openActivityFile(
  source: Readable,
  { fileName, kind }: { fileName: string; kind: RecordActivity['kind'] },
): Promise<ActivityFile> {
  const format = formatOf(fileName);
  const rows = format.rowsOf(source, beginning);
  try {
    return { format, ...(await format.readHead(rows, kind)), rows };
  } catch (error) {
    await rows.return(undefined);
    throw error;
  }
}
