/**
 * A partner's till posts a purchase:
 * `TOKEN=… npx tsx examples/client/partner/till.ts <member> <reference> <amount> <currency> [instant]`.
 * The member is named by e-mail address or id; GRAPH names another endpoint.
 */
import { GraphError } from '../graph-client.ts';
import { connect } from './connection.ts';
import { type RecordPurchaseMutation, RecordPurchaseDocument } from './operations.generated.ts';

type Refusal = NonNullable<RecordPurchaseMutation['recordActivity']>['userErrors'][number];

const [member, reference, amount, currency, occurredAt = new Date().toISOString()] =
  process.argv.slice(2);
if (!member || !reference || !amount || !currency) {
  throw new Error('Say who, which reference, how much, and in which currency.');
}

const client = connect();

// A till writes this down before it sends: after a power cut it sends the same again.
const input = {
  member: member.includes('@') ? { email: member } : { id: member },
  kind: 'PURCHASE' as const,
  reference,
  occurredAt,
  amount: { amount, currency },
};

try {
  const { data, missing } = await client.ask(RecordPurchaseDocument, { input });
  if (!data.recordActivity) throw missing[0] ?? new Error('The answer is empty.');
  const { activity, userErrors } = data.recordActivity;
  if (activity) {
    say(`${reference}: ${activity.points} points`);
    for (const { name, points, applied } of activity.explanation) {
      say(`  ${applied ? points : '-'}  ${name}`);
    }
  }
  for (const refusal of userErrors) say(`${reference}: ${adviceOn(refusal)}`);
  process.exitCode = activity ? 0 : 1;
} catch (error) {
  if (!(error instanceof GraphError)) throw error;
  say(`${reference}: not known yet, send it again (${error.code} ${error.requestId ?? ''})`);
  process.exitCode = 2;
}

/** What the till tells its operator. Codes grow: there is always a default. */
function adviceOn({ code, message, details }: Refusal): string {
  switch (code) {
    case 'NOT_FOUND':
      return 'no such member, or the member does not trust this brand';
    case 'CONSENT_REQUIRED':
      return 'the member lets this brand report nothing: ask them';
    case 'IDEMPOTENCY_MISMATCH':
      return `the reference stands for another purchase already (activity ${details?.subject})`;
    case 'IN_PROGRESS':
      return 'still at work: send the same again in a moment';
    default:
      return `refused, ${code}: ${message}`;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
