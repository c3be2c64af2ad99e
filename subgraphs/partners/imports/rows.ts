import { instantOf } from '../../../platform/calendar.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { RecordActivity } from '../activities/reports.ts';
import type { Entry } from './bookings.ts';
import { type FileRow, memberColumns } from './files.ts';

/** What a file may hold: the columns of other kinds are not known yet. */
export const importedKinds = ['PURCHASE'] as const;

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
  'amount.amount': 'amount',
  'amount.currency': 'currency',
};

/**
 * What stands for bytes that are not UTF-8, whatever they were: in a file of another encoding, Müller and
 * Möller would be one customer.
 */
const undecoded = '\ufffd';

/**
 * Makes the reader of a file's rows.
 *
 * @param columns of the file, checked
 * @returns what a row reports; it throws Refusal INVALID where the row is malformed
 */
export function rowReader(
  columns: string[],
  { kind, timeZone }: { kind: RecordActivity['kind']; timeZone: string },
): (row: FileRow) => Entry {
  const memberColumn = memberColumns.find((name) => columns.includes(name))!;
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
    const amount = field('amount');
    const reported = (absolute: string) => ({
      member: { [refs[memberColumn]]: field(memberColumn) },
      kind,
      reference: field('reference'),
      occurredAt,
      amount: { amount: absolute, currency: field('currency') },
    });
    return amount.startsWith('-')
      ? { refund: reported(amount.slice(1)) }
      : { activity: reported(amount) };
  };
}

/** The path of the field that a column fills. */
function pathOf(column: string): string[] {
  const path = Object.keys(columnsByPath).find((each) => columnsByPath[each] === column);
  return (path ?? column).split('.');
}

/** What a refusal says, by the names of columns. */
export function inColumns({ message, inputPath }: Refusal): string {
  const path = inputPath.join('.');
  const column = columnsByPath[path];
  return column && message.startsWith(`${path}:`) ? message.replace(path, column) : message;
}
