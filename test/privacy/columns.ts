/** Tables that may know something of a person, found in the catalog, and why some of it is kept. */

/**
 * What is kept of a member who is erased, under an id that says nothing of anybody, and why. A table
 * that is neither here nor in the function by which its schema erases fails a test: whoever adds one
 * says which it is.
 */
export const kept: Readonly<Record<string, string>> = {
  'ledger.account': 'the books',
  'ledger.conversion': 'the books',
  'ledger.hold': 'the books',
  'ledger.hold_lot': 'the books',
  'ledger.idempotency': 'the books: a command is posted once',
  'ledger.lot': 'the books',
  'ledger.lot_use': 'the books',
  'ledger.member_month': 'days of earning',
  'ledger.opening': 'the books',
  'ledger.staged_accrual': 'the books, before they are posted',
  'ledger.staged_reject': 'the books: what a partner sees of a file that was refused',
  'ledger.transfer': 'the books; descriptions are ours',
  'ledger.transfer_detached': 'the books',
  'members.erasure': 'who is erased, for a backup that comes back',
  'members.tier_credit': 'days and points: what tiers were reckoned from',
  'members.tier_standing': 'tiers and days',
  'partners.activity': 'partners are settled by it; references are theirs',
  'platform.outbox': 'events: ids and days',
  'rewards.household_share': 'who paid how much',
};

/** Tables whose names and words are the program's or a brand's, and of no member. */
export const ofNobody: ReadonlySet<string> = new Set([
  'ledger.currency',
  'ledger.watermark',
  'members.program',
  'members.segment',
  'members.staff',
  'members.tier',
  'partners.api_client',
  'partners.partner',
  'rewards.reward',
]);

/** Of whom a column tells, or what a person may have written into it, by its name. */
const telling = [
  '(^|_)member_id$',
  '^(email|email_key|phone|birthday|display_name|given_name|family_name|name)$',
  '^(account|value|address|ip|user_agent)$',
  '^(message|body|title|reason|purpose|note|comment|words|args)$',
  '_because$',
  '^payload$',
].join('|');

/** Every table with such a column, or with a key of members, as `schema.table`. */
export const tellingTables = `
  SELECT DISTINCT n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname IN ('members', 'partners', 'rewards', 'community', 'identity', 'ledger', 'platform')
    AND (EXISTS (SELECT FROM pg_attribute a
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   AND a.attname ~ '${telling}')
      OR EXISTS (SELECT FROM pg_constraint k
                 WHERE k.conrelid = c.oid AND k.contype = 'f'
                   AND k.confrelid = 'members.member'::regclass))
  ORDER BY 1`;
