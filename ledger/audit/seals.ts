import { type Check, checkOf } from './check.ts';

/** Each seal beside the one before it. */
const chain = checkOf(
  'seals',
  `SELECT NULL::uuid AS member_id, NULL::text AS currency, number::text AS id, number, from_xact, previous,
          lag(number, 1, 0::bigint) OVER numbers AS number_before,
          lag(to_xact, 1, 0::bigint) OVER numbers AS ended_before,
          lag(hash) OVER numbers AS hash_before
   FROM ledger.seal WINDOW numbers AS (ORDER BY number)`,
  [
    {
      name: 'seals follow each other',
      broken: `number <> number_before + 1 OR from_xact <> ended_before
                 OR previous IS DISTINCT FROM hash_before`,
      detail: `format('seal %s begins at transaction %s on %s; before it is seal %s to %s with %s',
                      number, from_xact, encode(previous, 'hex'), number_before, ended_before,
                      encode(hash_before, 'hex'))`,
    },
  ],
);

/** Each seal beside what is there now; but where a month of its movements is no longer there. */
const contents = checkOf(
  'seals',
  `SELECT NULL::uuid AS member_id, NULL::text AS currency, number::text AS id, from_xact, to_xact,
          s.movements, s.acts, s.hash, found.movements AS found, found.acts AS found_acts,
          found.hash AS found_hash
   FROM ledger.seal s CROSS JOIN LATERAL
     ledger.sealed(number, previous, from_xact, to_xact, sealed_at) AS found
   WHERE NOT EXISTS (
     SELECT FROM ledger.detached_month d
     WHERE d.first_xact < s.to_xact AND d.last_xact >= s.from_xact
       AND NOT EXISTS (
         SELECT FROM pg_inherits WHERE inhparent = 'ledger.transfer_detached'::regclass
           AND inhrelid = to_regclass('ledger.transfer_' || to_char(d.month, 'YYYY_MM'))))`,
  [
    {
      name: 'what was sealed is unchanged',
      broken: '(movements, acts, hash) <> (found, found_acts, found_hash)',
      detail: `format('of transactions %s to %s, %s movements and %s acts were sealed with %s; there are
                       %s and %s with %s', from_xact, to_xact - 1, movements, acts, encode(hash, 'hex'),
                      found, found_acts, encode(found_hash, 'hex'))`,
    },
  ],
);

/** Each act beside the hash of its words; but where they are gone with the member they were about. */
const acts = checkOf(
  'acts',
  `SELECT NULL::uuid AS member_id, NULL::text AS currency, id::text, reason, changes, salt, content_hash
   FROM platform.audit_event`,
  [
    {
      name: 'acts say what they said',
      broken: `CASE WHEN salt IS NULL THEN reason IS NOT NULL OR changes <> '[]'
                 ELSE content_hash <> platform.act_hash(salt, reason, changes) END`,
      detail: `format('%s, %s was recorded with another hash', reason, changes)`,
    },
  ],
);

export const sealChecks: readonly Check[] = [chain, contents, acts];

/** The hash of a seal, as somebody kept it. */
export interface SealHead {
  number: bigint;
  /** In hex. */
  hash: string;
}

/** Heads that were kept, beside the seals that are there: their parameters are the two lists. */
export const headCheck: Check = checkOf(
  'seals',
  `SELECT NULL::uuid AS member_id, NULL::text AS currency, kept.number::text AS id, kept.hash AS kept,
          encode(s.hash, 'hex') AS found
   FROM unnest($2::bigint[], $3::text[]) AS kept (number, hash)
   LEFT JOIN ledger.seal s USING (number)`,
  [
    {
      name: 'kept heads are there',
      broken: 'lower(kept) IS DISTINCT FROM found',
      detail: `format('%s was kept, there is %s', kept, coalesce(found, 'none'))`,
    },
  ],
);
