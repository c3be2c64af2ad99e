/** Tables that may know something of a person, found in the catalog, and why some of it is kept. */

/**
 * What is kept of a member who is erased, under an id that says nothing of anybody, and why. A table
 * that is neither here nor in the function by which its schema erases fails a test: whoever adds one
 * says which it is.
 */
export const kept: Readonly<Record<string, string>> = {
  'ledger.account': 'the books',
  'ledger.activation': 'the books',
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
  'members.tier_move': 'tiers and days',
  'members.tier_standing': 'tiers and days',
  'partners.import_rejection': 'what partners were told of rows, for 90 days: no names, no numbers',
  'partners.activity': 'partners are settled by it; references are theirs',
  'partners.member_place': 'which bit of counted months is whose: an id and a number',
  'partners.webhook_delivery': 'what partners were told, for 30 days: ids, codes and days',
  'platform.outbox': 'events: ids and days',
  'rewards.household_share': 'who paid how much',
};

/**
 * What a member's export does not tell, and why: tables, columns, and columns of every table. One that is
 * neither here nor in a function by which a schema exports fails a test.
 */
export const untold: Readonly<Record<string, string>> = {
  // tables
  'ledger.activation': 'how the sums hear of it: the lots tell it',
  'ledger.idempotency': 'which command was posted: the movements tell it',
  'ledger.member_month': 'reckoned from the movements',
  'ledger.opening': 'reckoned from the movements',
  'members.erasure': 'whoever is erased has no export',
  'partners.import_rejection': 'rows of a brand’s file that nothing came of',
  'partners.member_place': 'a number by which months are counted',
  'partners.webhook_delivery': 'what is passed on of what is told already',
  'platform.outbox': 'what is passed on of what is told already',
  // secrets
  '*.code_hash': 'a secret',
  '*.link_hash': 'a secret',
  '*.token_hash': 'a secret',
  '*.salt': 'a secret',
  'identity.oidc_record.uid': 'signs in whoever has it',
  'identity.oidc_record.grant_id': 'signs in whoever has it',
  'identity.oidc_record.user_code': 'signs in whoever has it',
  'identity.sign_in_code.interaction': 'signs in whoever has it',
  'identity.sign_in_code.asker': 'tells one browser or network from another',
  // other people
  'ledger.transfer.other_member_id': 'another member, whom transfers name by what they show',
  'ledger.transfer_detached.other_member_id': 'another member',
  'members.risk_act.receiver_id': 'another member',
  'members.adjustment.requested_by': 'a person of the staff',
  '*.decided_by': 'a person of the staff',
  'platform.audit_event.actor': 'a person of the staff, or a partner’s client',
  // what our own and partners' programs need
  '*.input_hash': 'tells a repetition',
  '*.content_hash': 'tells a change',
  '*.xact': 'the order of transactions',
  '*.due_at': 'when a job looks at it',
  '*.sandbox': 'nobody of the sandbox is a person',
  '*.face_currency': 'between a brand and the coalition',
  '*.face_value': 'between a brand and the coalition',
  '*.issue_price': 'between a brand and the coalition',
  '*.file_id': 'a brand’s file',
  '*.line': 'a brand’s file',
  '*.key': 'names a command',
  '*.expires_by_policy': 'how an end is reckoned',
  'ledger.conversion.rate_id': 'what was moved and credited tells it',
  'ledger.lot.open': 'whether some remains',
  'members.adjustment.idempotency_key': 'names a call of the staff’s',
  'members.hold.idempotency_key': 'names a call of a till’s',
  '*.mailed': 'whether a mail went out',
  'members.merge.postings': 'names movements',
  'members.merge.moved': 'names rows that are told themselves',
  'members.merge.gathered_at': 'when a job looked at it',
  'members.merge.waits_for': 'what a job looks at next',
  'members.notification.mail_priority': 'which mail goes first',
  'members.tier_move.id': 'counts the rows of all members',
  'partners.claim.claim_key': 'brand, day and reference, which are told themselves',
  'partners.collected_stamps.moved': 'how many a membership counts that this one became',
  'partners.earn_usage.moved': 'how many a membership counts that this one became',
  'members.notification.once': 'names what it tells of',
  'members.notification.mail_due_at': 'when a job looks at it',
  'members.notification.mail_tries': 'how often a job did',
  'members.referral.mailbox_hash': 'tells one mailbox from another',
  'members.referral.look_at': 'when a job looks at it',
  'members.verification.referrer_id': 'another member',
  'members.tier_standing.tiers_version': 'a version of the program',
  'partners.activity.counted': 'what of it counts against caps: that is told by rule and card',
  'partners.activity.contract_version': 'a version of a contract',
  'partners.activity.rule_set_version': 'a version of rules: the explanation tells what they gave',
  'platform.audit_event.id': 'names the act',
};

/** Tables whose names and words are the program's or a brand's, and of no member. */
export const ofNobody: ReadonlySet<string> = new Set([
  'ledger.currency',
  'ledger.watermark',
  'members.program',
  'members.segment',
  'members.staff',
  'members.staff_mail',
  'members.tier',
  'partners.api_client',
  'partners.offer',
  'partners.partner',
  'partners.settlement_dispute',
  'partners.webhook',
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

/** Every column of these tables, as `schema.table` and its name. */
export const columnsOf = `
  SELECT n.nspname || '.' || c.relname AS "table", a.attname AS column
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname || '.' || c.relname = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY 1, a.attnum`;
