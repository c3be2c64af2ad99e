import type { Big } from 'big.js';
import type { Database } from '../../../platform/database.ts';
import { lastOfMonth } from '../../../platform/calendar.ts';
import type { SettlementStatement } from './entities.ts';
import { type Figures, moneyIn } from './figures.ts';
import { issuedLines } from './lines.ts';
import type { SettlementLine, SettlementSum } from './rows.ts';

/** Lines in one piece of a file: some 250 kB. */
const pieceLines = 2_000;

const header =
  'line,kind,reference,points,rate,amount,currency,contract version,occurred at,posted at,in dispute\r\n';

/**
 * So many lines of a statement as CSV (RFC 4180), the first piece with the header; null beyond the last,
 * and for a month that is not closed.
 */
export async function csvPiece(
  db: Database,
  { id, status }: SettlementStatement,
  place: number,
): Promise<string | null> {
  if (status === 'OPEN' || place < 0) return null;
  const page = { first: pieceLines, after: [String(place * pieceLines)] };
  const read = await issuedLines(db, [id], { kind: null, page });
  if (place > 0 && read.length === 0) return null;
  return (place === 0 ? header : '') + read.slice(0, pieceLines).map(csvOf).join('');
}

function csvOf(line: SettlementLine): string {
  const cells = [
    line.number,
    line.kind,
    textCell(line.reference),
    line.points,
    line.rate,
    line.amount,
    line.currency,
    line.contractVersion,
    line.occurredAt.toISOString(),
    line.postedAt.toISOString(),
    line.disputed ? 'yes' : 'no',
  ];
  return `${cells.join(',')}\r\n`;
}

/** What others wrote, quoted; never a formula to a program that opens it. */
function textCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

interface Page {
  statement: SettlementStatement;
  partner: { name: string; code: string };
  sums: readonly SettlementSum[];
  figures: Figures;
  disputed: Big;
  due: Big;
}

/** The statement as a page to print: no script, and nothing that it would have to load. */
export function htmlOf({ statement, partner, sums, figures, disputed, due }: Page): string {
  const { month, currency, dueOn, issuedAt, status, paymentReference } = statement;
  const money = (amount: Big) => moneyIn(amount, statement).amount;
  const title = `${partner.name}, ${month.slice(0, 7)}`;
  const totals: [string, string][] = [
    ['Issuance', money(figures.issuance)],
    ['Fees', money(figures.fees)],
    ['Adjustments', money(figures.adjustments)],
    ['Reimbursement', money(figures.reimbursement.neg())],
    ['Net', money(figures.net)],
    ['In dispute', money(disputed)],
    ['Due', money(due)],
  ];
  const facts: [string, string][] = [
    ['Partner', `${partner.name} (${partner.code})`],
    ['Period', `${month} to ${lastOfMonth(month)}`],
    ['Statement', statement.id],
    ['Status', status],
    ['Issued', issuedAt!.toISOString()],
    ['Due on', dueOn!],
    ...(paymentReference ? [['Paid by', paymentReference] satisfies [string, string]] : []),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style></head>
<body><h1>Settlement statement</h1>
<table>${facts.map(([name, value]) => row(`<th scope="row">${name}</th>`, [value])).join('')}</table>
<table><thead><tr><th>Kind</th><th>Points</th><th>Rate</th><th>Amount, ${escaped(currency)}</th></tr></thead>
<tbody>${sums
    .map(({ kind, points, rate, amount }) => row('', [inWords(kind), String(points), rate, amount]))
    .join('')}</tbody></table>
<table><tbody>${totals
    .map(([name, value]) => row(`<th scope="row">${name}</th>`, [value]))
    .join('')}</tbody></table>
<p>Amounts are positive where the partner pays. All lines are in the file with the same name.</p>
</body></html>
`;
}

/** The page's only style: the gateway lets no other in. */
const style =
  'body{font:11pt sans-serif;margin:2cm auto;max-width:18cm}table{border-collapse:collapse;margin:1em 0;width:100%}' +
  'th,td{border-bottom:1px solid #999;padding:.2em .5em;text-align:right}th:first-child,td:first-child{text-align:left}';

function row(head: string, cells: readonly string[]): string {
  return `<tr>${head}${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}

function inWords(kind: SettlementSum['kind']): string {
  return kind.charAt(0) + kind.slice(1).toLowerCase().replaceAll('_', ' ');
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
