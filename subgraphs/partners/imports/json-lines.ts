import { type GraphQLInputType, coerceInputValue } from 'graphql';
import type { Readable } from 'node:stream';
import { Refusal } from '../../../platform/errors.ts';
import { readInputType } from '../../../platform/sdl.ts';
import type { RecordActivity } from '../activities/reports.ts';
import type { FileFormat, FileRow, Place } from './file-format.ts';
import { undecoded } from './rows.ts';

const newline = 0x0a;
/** The bytes of the longest line: it has no room for as many items as one call takes. */
const lineBytesMax = 100_000;

/** An object in each line: what `recordActivity` takes as its input; `kind` may be left out. */
export const jsonLines: FileFormat = {
  readHead: () => Promise.resolve({ columns: ['row'], start: { byte: 0, line: 1 } }),
  rowsOf,
  rowReader: (_, { kind }) => {
    const type = readInputType('partners', 'ActivityInput');
    return ({ fields: [text] }) => ({ activity: readRow(text!, kind, type) });
  },
  namesAccounts: () => true,
  inItsWords: ({ inputPath, message }) => ({ field: inputPath.join('.') || null, message }),
};

async function* rowsOf(source: Readable, from: Place): AsyncGenerator<FileRow> {
  let next = from;
  const rowOf = (bytes: Buffer, end: number): FileRow => {
    const { line } = next;
    const isFirst = next.byte === 0;
    next = { byte: next.byte + end, line: line + 1 };
    const text = bytes.toString();
    return { line, fields: [isFirst ? text.replace(/^\ufeff/, '') : text], next };
  };
  let held: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      let start = 0;
      for (let end; (end = held.indexOf(newline, start)) >= 0; start = end + 1) {
        requireShort(end - start, next);
        const row = rowOf(held.subarray(start, end), end + 1 - start);
        if (row.fields[0]!.trim() !== '') yield row;
      }
      held = held.subarray(start);
      requireShort(held.length, next);
    }
    const last = rowOf(held, held.length);
    if (last.fields[0]!.trim() !== '') yield last;
  } finally {
    source.destroy();
  }
}

function requireShort(bytes: number, { line }: Place): void {
  if (bytes <= lineBytesMax) return;
  const message = `From line ${line} on, the file is no JSON Lines: a line has 100,000 bytes at most.`;
  throw new Refusal('INVALID', message);
}

function readRow(
  text: string,
  kind: RecordActivity['kind'],
  type: GraphQLInputType,
): RecordActivity {
  if (text.includes(undecoded)) throw new Refusal('INVALID', 'The line is not in UTF-8.');
  const row = parsed(text);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new Refusal('INVALID', 'The line is no object of JSON.');
  }
  if ('kind' in row && row.kind !== kind) {
    throw new Refusal('INVALID', `kind: is ${kind} in this import.`, ['kind']);
  }
  return coerceInputValue({ ...row, kind }, type, (path, _, { message }) => {
    const at = path.map(String);
    throw new Refusal('INVALID', [at.join('.'), message].filter(Boolean).join(': '), at);
  }) as RecordActivity;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('INVALID', 'The line is no JSON.');
  }
}
