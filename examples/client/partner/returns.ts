/**
 * A partner takes points back for what was returned:
 * `TOKEN=… npx tsx examples/client/partner/returns.ts <reference> <refundReference> [amount currency]`; all that is left
 * where no amount is named. Then it reads how the purchase stands.
 */
import { GraphError } from '../graph-client.ts';
import { connect } from './connection.ts';
import {
  type RefundPurchaseMutation,
  ReadActivityDocument,
  RefundPurchaseDocument,
} from './operations.generated.ts';

type Refusal = NonNullable<RefundPurchaseMutation['refundActivity']>['userErrors'][number];

const [reference, refundReference, amount, currency] = process.argv.slice(2);
if (!reference || !refundReference || (amount && !currency)) {
  throw new Error(
    'Say which reference, your number of the return, and perhaps how much in which currency.',
  );
}

const client = connect();

// Written down before it is sent, as a sale is.
const input = {
  reference,
  refundReference,
  ...(amount && currency && { amount: { amount, currency } }),
};

try {
  const { data, missing } = await client.ask(RefundPurchaseDocument, { input });
  if (!data.refundActivity) throw missing[0] ?? new Error('The answer is empty.');
  const { activity: refunded, userErrors } = data.refundActivity;
  for (const refusal of userErrors) say(`${refundReference}: ${adviceOn(refusal)}`);
  const { data: read } = await client.ask(ReadActivityDocument, { reference });
  if (read.activity) {
    const { status, points, refundedAmount } = read.activity;
    say(`${reference}: ${status}, ${points} points, ${refundedAmount?.amount ?? 0} returned`);
  }
  process.exitCode = refunded ? 0 : 1;
} catch (error) {
  if (!(error instanceof GraphError)) throw error;
  say(`${refundReference}: not known yet, send it again (${error.code} ${error.requestId ?? ''})`);
  process.exitCode = 2;
}

/** What to tell its operator. Codes grow: there is always a default. */
function adviceOn({ code, message, details }: Refusal): string {
  switch (code) {
    case 'NOT_FOUND':
      return 'this purchase was never recorded';
    case 'ALREADY_REVERSED':
      return 'nothing to do: all of it has been refunded';
    case 'INVALID':
      return details?.limit ? `only ${details.limit} is left to return` : message;
    case 'IDEMPOTENCY_MISMATCH':
      return 'this number stands for another return already';
    case 'IN_PROGRESS':
      return 'still at work: send the same again in a moment';
    default:
      return `refused, ${code}: ${message}`;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
