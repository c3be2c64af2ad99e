import { parse } from 'csv-parse';
import type { Readable } from 'node:stream';
import { Refusal } from '../../../platform/errors.ts';
import { isText } from '../../../platform/input.ts';
import type { RecordActivity } from '../activities/reports.ts';
import { moneyColumns, neededBy, particularsOf } from './columns.ts';
import type { FileFormat, FileRow, Place } from './file-format.ts';
import { inColumns, memberColumns, rowReader } from './rows.ts';

/** The bytes of the longest row: an open quote must not gather the rest of a file. */
const rowBytesMax = 100_000;

/** Commas, quotes as in RFC 4180, any line ends, a BOM or none; a header with the columns' names. */
export const csv: FileFormat = {
  async readHead(rows, kind) {
    const header = await rows.next();
    if (header.done) throw new Refusal('INVALID', 'The file is empty.');
    const { fields, next: start } = header.value as FileRow;
    const columns = fields.map((name) => name.trim());
    requireColumns(columns, kind);
    return { columns, start };
  },
  rowsOf,
  rowReader,
  namesAccounts: (columns) => columns.includes('customer'),
  inItsWords: inColumns,
};

function requireColumns(columns: string[], kind: RecordActivity['kind']): void {
  if (!columns.every(isText)) throw new Refusal('INVALID', 'The file is no CSV.');
  const needed = neededBy(kind);
  if (moneyColumns(kind).some((name) => columns.includes(name))) needed.add('currency');
  const missing = [...needed].filter((name) => !columns.includes(name));
  if (!memberColumns.some((name) => columns.includes(name)))
    missing.push(memberColumns.join(' or '));
  if (missing.length > 0) {
    throw new Refusal('INVALID', `The file has no column ${missing.join(', ')}.`);
  }
  const known = [...needed, ...memberColumns, ...Object.keys(particularsOf(kind))];
  const twice = known.find((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (twice) throw new Refusal('INVALID', `The file has two columns ${twice}.`);
}

async function* rowsOf(source: Readable, from: Place): AsyncGenerator<FileRow> {
  let isFaulty = false;
  const parser = parse({
    bom: from.byte === 0,
    info: true,
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
  let { line } = from;
  try {
    const records = source.pipe(parser) as AsyncIterable<{
      record: string[];
      info: { bytes: number };
    }>;
    for await (const { record: fields, info } of records) {
      // The parser's own count takes a CRLF in quotes for two lines.
      const next = { byte: from.byte + info.bytes, line: line + 1 + breaksIn(fields) };
      if (fields.length > 1 || fields[0] !== '') yield { line, fields, next };
      line = next.line;
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
