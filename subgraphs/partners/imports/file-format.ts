import type { Readable } from 'node:stream';
import type { Refusal } from '../../../platform/errors.ts';
import type { RecordActivity } from '../activities/reports.ts';
import type { Entry } from './bookings.ts';

/** Where a row starts: the byte from 0, and the line from 1. */
export interface Place {
  byte: number;
  line: number;
}

/** A row as it stands in the file. */
export interface FileRow {
  /** Where it starts, from 1. */
  line: number;
  fields: string[];
  /** Where the one after it starts. */
  next: Place;
}

/** What all rows of a file have in common. */
export interface RowSense {
  kind: RecordActivity['kind'];
  /** Of times without an offset. */
  timeZone: string;
}

/** What a file is written in. */
export interface FileFormat {
  /**
   * What its rows come after, and how its columns are called; its rows are read behind it.
   *
   * @throws Refusal INVALID it is empty, not in this format, or lacks a column that the kind needs
   */
  readHead(
    rows: AsyncIterator<FileRow>,
    kind: RecordActivity['kind'],
  ): Promise<{ columns: string[]; start: Place }>;
  /**
   * The rows that are not empty, from a place on that the source begins at; the head is one.
   *
   * @throws Refusal INVALID the file cannot be read to its end; after the rows that can
   */
  rowsOf(source: Readable, from: Place): AsyncGenerator<FileRow>;
  /** Makes the reader of its rows, which throws Refusal INVALID where one is malformed. */
  rowReader(columns: string[], sense: RowSense): (row: FileRow) => Entry;
  /** Whether rows may name members by the partner's own accounts, who can be enrolled by them. */
  namesAccounts(columns: string[]): boolean;
  /** What a refusal of a row says by the names that the file has for things. */
  inItsWords(refusal: Refusal, columns: string[]): { field: string | null; message: string };
}
