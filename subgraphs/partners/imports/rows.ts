import { instantOf } from '../../../platform/calendar.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { RecordActivity } from '../activities/reports.ts';
import type { Entry } from './bookings.ts';
import { columnPaths, particularsOf, readParticulars } from './columns.ts';
import type { FileRow, RowSense } from './file-format.ts';

/** Columns that may name the member: the first that a file has does. */
export const memberColumns = ['customer', 'member_number', 'email'] as const;

/** How the columns that name a member do it. */
const refs = {
  customer: 'partnerAccount',
  member_number: 'memberNumber',
  email: 'email',
} as const satisfies Record<(typeof memberColumns)[number], keyof RecordActivity['member']>;

/** The columns of what a refusal's path leads to. */
const columnsByPath: Record<string, string> = {
  ...Object.fromEntries(memberColumns.map((name) => [`member.${refs[name]}`, name])),
  occurredAt: 'occurred_at',
  ...columnPaths,
};

/**
 * What stands for bytes that are not UTF-8, whatever they were: in a file of another encoding, Müller and
 * Möller would be one customer.
 */
export const undecoded = '\ufffd';

/**
 * Makes the reader of a file's rows.
 *
 * @param columns of the file, checked
 * @returns what a row reports; it throws Refusal INVALID where the row is malformed
 */
export function rowReader(
  columns: string[],
  { kind, timeZone }: RowSense,
): (row: FileRow) => Entry {
  const memberColumn = memberColumnOf(columns);
  const mayReturn = columns.includes('amount') && 'amount' in particularsOf(kind);
  return ({ fields }) => {
    if (fields.length !== columns.length) {
      const message = `The row has ${fields.length} fields, and the header ${columns.length}.`;
      throw new Refusal('INVALID', message);
    }
    const field = (name: string) => {
      const value = fields[columns.indexOf(name)]!.trim();
      if (!value.includes(undecoded)) return value;
      throw new Refusal('INVALID', `${name}: is not in UTF-8.`, pathOf(name));
    };
    const occurredAt = instantOf(field('occurred_at'), timeZone);
    if (!occurredAt) {
      throw new Refusal('INVALID', 'occurred_at: is no day or time of ISO 8601.', ['occurredAt']);
    }
    const common = {
      member: { [refs[memberColumn]]: field(memberColumn) },
      kind,
      reference: field('reference'),
      occurredAt,
    };
    if (mayReturn && field('amount').startsWith('-')) {
      const amount = { amount: field('amount').slice(1), currency: field('currency') };
      return { refund: { ...common, amount } };
    }
    return { activity: { ...common, ...readParticulars(kind, columns, field) } };
  };
}

/** The path of the field that a column fills. */
function pathOf(column: string): string[] {
  const path = Object.keys(columnsByPath).find((each) => columnsByPath[each] === column);
  return (path ?? column).split('.');
}

/** What a refusal says, by the names of columns. */
export function inColumns(
  { message, inputPath }: Refusal,
  columns: readonly string[],
): { field: string | null; message: string } {
  const path = inputPath.join('.');
  const column = path === 'member' ? memberColumnOf(columns) : (columnsByPath[path] ?? path);
  return {
    field: columns.includes(column) ? column : null,
    message: message.startsWith(`${path}:`) ? message.replace(path, column) : message,
  };
}

function memberColumnOf(columns: readonly string[]): (typeof memberColumns)[number] {
  return memberColumns.find((name) => columns.includes(name))!;
}
