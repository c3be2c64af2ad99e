import { parse } from 'csv-parse';
import type { Readable } from 'node:stream';
import { Refusal } from '../../../platform/errors.ts';
import { isText } from '../../../platform/input.ts';

/** A file of activities whose header is read. */
export interface ActivityFile {
  columns: string[];
  rows: AsyncIterable<FileRow>;
}

/** A row as it stands in the file. */
export interface FileRow {
  /** Where it starts, from 1. */
  line: number;
  fields: string[];
}

/** The bytes of the longest row: an open quote must not gather the rest of a file. */
const rowBytesMax = 100_000;

/** Columns that a file needs; others are left alone. */
const needed = ['reference', 'occurred_at', 'amount', 'currency'];
/** Columns that may name the member: the first that a file has does. */
export const memberColumns = ['customer', 'member_number', 'email'] as const;

/**
 * Reads the header of a CSV file: commas, quotes as in RFC 4180, any line ends, a BOM or none.
 *
 * @throws Refusal INVALID it is empty or no CSV, or columns are missing or there twice
 */
export async function openActivityFile(source: Readable): Promise<ActivityFile> {
  const rows = rowsOf(source);
  try {
    const header = await rows.next();
    if (header.done) throw new Refusal('INVALID', 'The file is empty.');
    const columns = header.value.fields.map((name) => name.trim());
    requireColumns(columns);
    return { columns, rows };
  } catch (error) {
    await rows.return(undefined);
    throw error;
  }
}

function requireColumns(columns: string[]): void {
  if (!columns.every(isText)) throw new Refusal('INVALID', 'The file is no CSV.');
  const missing = needed.filter((name) => !columns.includes(name));
  if (!memberColumns.some((name) => columns.includes(name)))
    missing.push(memberColumns.join(' or '));
  if (missing.length > 0) {
    throw new Refusal('INVALID', `The file has no column ${missing.join(', ')}.`);
  }
  const twice = [...needed, ...memberColumns].find(
    (name) => columns.indexOf(name) !== columns.lastIndexOf(name),
  );
  if (twice) throw new Refusal('INVALID', `The file has two columns ${twice}.`);
}

/**
 * The rows that are not empty, the header first.
 *
 * @throws Refusal INVALID the file cannot be read to its end; after the rows that can
 */
async function* rowsOf(source: Readable): AsyncGenerator<FileRow> {
  let isFaulty = false;
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    // Rows of the wrong length, and quotes inside of fields, are for whoever judges the row.
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: rowBytesMax,
    // A fault that is thrown would take the rows with it that stand before it.
    skip_records_with_error: true,
    on_skip: () => {
      isFaulty = true;
      return undefined;
    },
  });
  source.on('error', (error) => parser.destroy(error));
  let line = 1;
  try {
    for await (const fields of source.pipe(parser) as AsyncIterable<string[]>) {
      if (fields.length > 1 || fields[0] !== '') yield { line, fields };
      // The parser's own count takes a CRLF in quotes for two lines.
      line += 1 + breaksIn(fields);
    }
  } finally {
    source.destroy();
  }
  if (isFaulty) {
    const message = `From line ${line} on, the file is no CSV: is a quote not closed?`;
    throw new Refusal('INVALID', message);
  }
}

function breaksIn(fields: string[]): number {
  return fields.reduce((sum, field) => sum + (field.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}
