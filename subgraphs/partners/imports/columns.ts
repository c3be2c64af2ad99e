import type { RecordActivity } from '../activities/reports.ts';

/** How a cell becomes a field of the input: by the currency of its row, where it is money. */
type Sort = 'text' | 'number' | 'points' | 'money';

/** What a column fills. */
interface Column {
  path: string;
  sort: Sort;
  isNeeded: boolean;
}

type Columns = Readonly<Record<string, Column>>;

/** Parts of the amount, which every kind with an amount may have. */
const amounts: Columns = {
  amount: optional('amount', 'money'),
  tax: optional('tax', 'money'),
  shipping: optional('shipping', 'money'),
  discount: optional('discount', 'money'),
  points_paid: optional('pointsPaid', 'money'),
};

/** The columns of each kind, besides those of all: what recordActivity calls `path`. */
const columnsByKind: Readonly<Record<string, Columns>> = {
  PURCHASE: { ...amounts, amount: needed('amount', 'money') },
  FLIGHT: {
    ...amounts,
    flight_number: needed('flight.flightNumber'),
    ticket_number: optional('flight.ticketNumber'),
    origin: needed('flight.origin'),
    destination: needed('flight.destination'),
    cabin: needed('flight.cabin'),
    booking_class: needed('flight.bookingClass'),
    distance_miles: optional('flight.distanceMiles', 'number'),
  },
  STAY: {
    ...amounts,
    property: needed('stay.property'),
    check_in: needed('stay.checkIn'),
    check_out: needed('stay.checkOut'),
    rooms: optional('stay.rooms', 'number'),
    rate_plan: optional('stay.ratePlan'),
    room_revenue: optional('stay.roomRevenue', 'money'),
  },
  CARD_SPEND: {
    ...amounts,
    amount: needed('amount', 'money'),
    product: needed('card.product'),
    mcc: needed('card.mcc'),
    merchant: optional('card.merchant'),
  },
  RIDE: {
    ...amounts,
    service: needed('ride.service'),
    distance_km: optional('ride.distanceKm'),
  },
  ENGAGEMENT: { engagement: needed('engagement') },
  GRANT: { points: needed('grant.points', 'points'), reason: needed('grant.reason') },
  OTHER: amounts,
};

function needed(path: string, sort: Sort = 'text'): Column {
  return { path, sort, isNeeded: true };
}

function optional(path: string, sort: Sort = 'text'): Column {
  return { path, sort, isNeeded: false };
}

/** The columns of what the paths of refusals lead to, of any kind. */
export const columnPaths: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(columnsByKind)
    .flatMap((columns) => Object.entries(columns))
    .flatMap(([name, { path, sort }]) => [
      [path, name],
      ...(sort === 'money'
        ? [
            [`${path}.amount`, name],
            [`${path}.currency`, 'currency'],
          ]
        : []),
    ]),
) as Record<string, string>;

/** The columns that a kind has besides those of all kinds, by their names. */
export function particularsOf(kind: RecordActivity['kind']): Columns {
  return columnsByKind[kind] ?? {};
}

/** The columns that a file of a kind cannot lack, whoever names the member. */
export function neededBy(kind: RecordActivity['kind']): Set<string> {
  const own = Object.entries(particularsOf(kind)).flatMap(([name, { isNeeded }]) =>
    isNeeded ? [name] : [],
  );
  return new Set(['reference', 'occurred_at', ...own]);
}

/** The columns of a kind that are in the row's currency. */
export function moneyColumns(kind: RecordActivity['kind']): string[] {
  return Object.entries(particularsOf(kind)).flatMap(([name, { sort }]) =>
    sort === 'money' ? [name] : [],
  );
}

/**
 * What a row says of its kind: the fields of an activity that its cells fill. A cell that is empty fills
 * none, unless its column is needed.
 *
 * @param field gives the cell of a column that the file has
 */
export function readParticulars(
  kind: RecordActivity['kind'],
  columns: readonly string[],
  field: (column: string) => string,
): Partial<RecordActivity> {
  const filled: Record<string, unknown> = {};
  for (const [name, { path, sort, isNeeded }] of Object.entries(particularsOf(kind))) {
    if (!columns.includes(name)) continue;
    const cell = field(name);
    if (cell === '' && !isNeeded) continue;
    const [outer, inner] = path.split('.') as [string, string?];
    const value = valueOf(cell, sort, field);
    if (inner === undefined) filled[outer] = value;
    else filled[outer] = { ...(filled[outer] as object | undefined), [inner]: value };
  }
  return filled;
}

/** What is no number stays as it is written: whoever judges the activity refuses it. */
function valueOf(cell: string, sort: Sort, field: (column: string) => string): unknown {
  switch (sort) {
    case 'money':
      return { amount: cell, currency: field('currency') };
    case 'number':
      return /^\d{1,9}$/.test(cell) ? Number(cell) : cell;
    case 'points':
      return /^\d{1,18}$/.test(cell) ? BigInt(cell) : cell;
    case 'text':
      return cell;
  }
}
