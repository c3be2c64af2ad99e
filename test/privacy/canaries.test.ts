import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { auditLedger } from '../../ledger/index.ts';
import { databaseClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import { openMail } from '../../platform/mail.ts';
import { openTexts } from '../../platform/texts.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { Member } from '../../subgraphs/members/entities.ts';
import { createPost } from '../../subgraphs/community/posts.ts';
import { reviewReward } from '../../subgraphs/community/reviews.ts';
import { RecordAdapter } from '../../identity/adapter.ts';
import { eraseMember } from '../../subgraphs/members/privacy/erasures.ts';
import { exportMyData } from '../../subgraphs/members/privacy/exports.ts';
import { start } from '../../subgraphs/members/server.ts';
import { claimMissingPoints } from '../../subgraphs/partners/claims/claims.ts';
import { decideClaim } from '../../subgraphs/partners/claims/decisions.ts';
import { cancelRedemption } from '../../subgraphs/rewards-catalog/cancellations.ts';
import type { Redemption } from '../../subgraphs/rewards-catalog/entities.ts';
import { redeemReward } from '../../subgraphs/rewards-catalog/redemptions.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenConsent, givenMember } from '../support/given-members.ts';
import { givenReward } from '../support/given-rewards.ts';
import { tillOf } from '../support/given-tills.ts';
import { runJob } from '../support/jobs.ts';
import { until } from '../support/until.ts';
import {
  adminViewer,
  callSubgraph,
  configOn,
  memberViewer,
  partnerViewer,
} from '../support/subgraph.ts';

/** What the member tells or is told by: each stands nowhere else. */
const canaries = {
  address: 'kanari.alt@gefieder.example',
  newAddress: 'kanari.neu@gefieder.example',
  askedAddress: 'kanari.gefragt@gefieder.example',
  displayName: 'Kanarius der Gelbe',
  changedName: 'Kanaria Flaumfeder',
  givenName: 'Zwitschernelda',
  familyName: 'Vogelbauerin',
  phone: '+491701234567',
  birthday: '1961-08-13',
  household: 'Nest der Kanarien',
  invited: 'kueken@gefieder.example',
  linkedPhone: '+491709876543',
  account: 'KANARI-VIELFLIEGER-7',
  card: 'tok_kanari_4242',
  purpose: 'Damit Kanaria beim Futter spart',
  post: 'Hirsekolben schmecken morgens am besten',
  postTitle: 'Ein Lied von der Stange',
  topic: 'sittichgezwitscher',
  postKey: 'kanari-post-schluessel',
  review: 'Der Kaefig war geraeumig',
  reviewTitle: 'Gerne wieder gezwitschert',
  redemptionKey: 'kanari-kauf-schluessel',
  message: 'Fuer deine neue Schaukel',
  reason: 'Kanaria rief an und weinte',
  adjustmentReason: 'Kanaria bekam zu wenig Hirse',
  adjustmentKey: 'kanari-buchung-nach-anruf',
  tillKey: 'kanari-kasse-drei',
  caseReason: 'Kanaria kennt den Empfaenger nicht',
  mergeReason: 'Kanaria hat zwei Karten am Ring',
  apartReason: 'Es war doch Kanarias Schwester',
  claimReference: 'KANARI-KASSENZETTEL-12',
  claimNote: 'Kanaria zahlte mit Sonnenblumenkernen',
  claimReason: 'Kanarias Kassenzettel ist von gestern',
  cancelReason: 'Kanaria vertraegt keine Nuesse',
  erasureReason: 'Kanaria zieht in den Sueden',
  session: 'kanari-sitzung-0815',
};

describe('what a member left behind', () => {
  const test = useTestDatabase();
  let dataDir: string;
  let log: string;
  let metrics: Registry;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'coalition-canaries-'));
    log = '';
    metrics = new Registry();
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('is in their export, and nowhere once they are erased: in no table, no log, no file', async () => {
    const { memberId, number, late } = await leaveTraces();
    await work('seal-ledger');
    // The search finds what is there.
    const before = new Set((await search(number)).map(({ canary }) => canary));
    expect(
      Object.keys(canaries).filter((name) => !before.has(name) && name !== 'erasureReason'),
    ).toEqual([]);
    expect(before).toContain('number');
    const told = await exported(memberId);
    // Whom they invited, keys of staff and tills, what was said of somebody else, what signs their browser in;
    // and there was no erasure yet.
    expect(
      Object.keys(canaries).filter((name) => !told.includes(canaries[name as 'card'])),
    ).toEqual([
      'invited',
      'adjustmentKey',
      'tillKey',
      'mergeReason',
      'apartReason',
      'erasureReason',
      'session',
    ]);
    expect(told).toContain(number);

    await erase(memberId);
    await cancel(late);

    expect(await search(number)).toEqual([]);
    // With it every seal of what had been posted.
    expect(await auditLedger(test.owner())).toEqual([]);
    expect(log).toContain('mail written');
    expect(await metrics.metrics()).toContain('coalition_subgraph_hop_seconds_count{');
  });

  it('is found where one part forgets nothing', async () => {
    await rows(
      test.owner(),
      `CREATE OR REPLACE FUNCTION community.erase_member(p_member uuid) RETURNS integer
       LANGUAGE sql AS 'SELECT 0'`,
    );
    const { memberId, number } = await leaveTraces();

    await erase(memberId);

    const found = await search(number);
    expect(new Set(found.map(({ place }) => place))).toEqual(
      new Set(['community.post', 'community.review']),
    );
  });

  /** Does what members and staff do, with the canaries. */
  async function leaveTraces() {
    const reward = await givenReward(test, { price: 10n });
    const members = await start(configOn(test), platform());
    const call = async (viewer: Viewer, field: string, input: object, declared: string) => {
      const names = Object.keys(input);
      const types = declared.split(' ');
      const query = `mutation (${names.map((name, i) => `$${name}: ${types[i]}`).join(', ')}) {
        ${field.replace('(', `(${names.map((name) => `${name}: $${name}`).join(', ')}`)} }`;
      const { data, errors } = await callSubgraph(members, viewer, query, input);
      expect(errors).toBeUndefined();
      const [answer] = Object.values(data as unknown as Record<string, Payload>);
      expect(answer!.userErrors).toEqual([]);
      return answer!;
    };
    const errors = 'userErrors { code path message }';

    const enrolled = await call(
      anonymous,
      `enrol() { verificationId ${errors} }`,
      { input: { email: canaries.address, displayName: canaries.displayName } },
      'EnrolInput!',
    );
    const verified = await call(
      anonymous,
      `verifyEmail() { member { id } ${errors} }`,
      { input: { verificationId: enrolled.verificationId, code: await codeFor(canaries.address) } },
      'VerifyEmailInput!',
    );
    const memberId = verified.member!.id;
    const scopes = ['PROFILE', 'BALANCE', 'REDEEM', 'TRANSFER'] as const;
    const self = { ...memberViewer(memberId, scopes), steppedUpAt: new Date() };
    await rows(
      test.owner(),
      `UPDATE members.member SET joined_at = now() - interval '90 days' WHERE id = $1`,
      [memberId],
    );
    await call(
      self,
      `updateProfile() { member { id } ${errors} }`,
      {
        input: {
          displayName: canaries.changedName,
          givenName: canaries.givenName,
          familyName: canaries.familyName,
          phone: canaries.phone,
          birthday: canaries.birthday,
        },
      },
      'UpdateProfileInput!',
    );
    const changing = await call(
      self,
      `changeEmail() { verificationId ${errors} }`,
      { email: canaries.newAddress },
      'String!',
    );
    await call(
      anonymous,
      `verifyEmail() { member { id } ${errors} }`,
      {
        input: {
          verificationId: changing.verificationId,
          code: await codeFor(canaries.newAddress),
        },
      },
      'VerifyEmailInput!',
    );
    await call(self, `changeEmail() { ${errors} }`, { email: canaries.askedAddress }, 'String!');
    const phone = { kind: 'PHONE', value: canaries.linkedPhone };
    await call(self, `linkIdentifier() { ${errors} }`, { input: phone }, 'LinkIdentifierInput!');
    const { partnerId } = reward;
    for (const [kind, value] of [
      ['PARTNER_ACCOUNT', canaries.account],
      ['PAYMENT_CARD', canaries.card],
    ]) {
      const input = { kind, value, partnerId };
      await call(self, `linkIdentifier() { ${errors} }`, { input }, 'LinkIdentifierInput!');
    }
    await call(
      partnerViewer(partnerId, ['MEMBERS_LINK']),
      `requestConsent() { ${errors} }`,
      { input: { member: { id: memberId }, scopes: ['EARN'], purpose: canaries.purpose } },
      'RequestConsentInput!',
    );
    await call(self, `createHousehold() { ${errors} }`, { name: canaries.household }, 'String!');
    await call(self, `inviteToHousehold() { ${errors} }`, { email: canaries.invited }, 'String!');

    const staff = adminViewer(['MEMBERS_SUPPORT', 'LEDGER_ADJUST']);
    const statusTypes = 'ID! MemberStatus! String!';
    for (const status of ['SUSPENDED', 'ACTIVE']) {
      const change = { memberId, status, reason: canaries.reason };
      await call(staff, `setMemberStatus() { ${errors} }`, change, statusTypes);
    }
    for (const points of [500, 50_000]) {
      const reason = canaries.adjustmentReason;
      const adjusted = {
        memberId,
        points,
        reason,
        idempotencyKey: `${canaries.adjustmentKey} ${points}`,
      };
      await call(staff, `adjustPoints() { ${errors} }`, { input: adjusted }, 'AdjustPointsInput!');
    }
    const to = { id: await givenMember(test) };
    const given = { to, points: 5, message: canaries.message, idempotencyKey: 'given' };
    await call(self, `transferPoints() { ${errors} }`, { input: given }, 'TransferPointsInput!');
    // To more members than are usual: somebody looks at it.
    await rows(test.owner(), 'UPDATE members.risk_limits SET receivers_per30_days = 1');
    const odd = { to: { id: await givenMember(test) }, points: 5, idempotencyKey: 'odd' };
    await call(self, `transferPoints() { ${errors} }`, { input: odd }, 'TransferPointsInput!');
    const [held] = await rows<{ id: string }>(
      test.owner(),
      'SELECT id FROM members.risk_case WHERE member_id = $1',
      [memberId],
    );
    const decided = { id: held!.id, allow: false, reason: canaries.caseReason };
    await call(staff, `decideRiskCase() { ${errors} }`, decided, 'ID! Boolean! String!');
    const sister = { fromId: await givenMember(test), intoId: memberId };
    const joined = { input: { ...sister, reason: canaries.mergeReason } };
    const { mergeId } = await call(
      staff,
      `mergeMembers() { mergeId ${errors} }`,
      joined,
      'MergeMembersInput!',
    );
    const apart = { id: mergeId, reason: canaries.apartReason };
    await call(staff, `undoMerge() { ${errors} }`, apart, 'ID! String!');
    await members.drain();

    await givenConsent(test, memberId, partnerId, ['EARN', 'SPEND']);
    const till = tillOf(test, partnerId, { at: new Date() });
    await till.hold(memberId, { points: 1n, idempotencyKey: canaries.tillKey });
    await missPoints(memberId, partnerId);
    const redeem = (idempotencyKey: string) =>
      redeemReward(
        test.db('rewards-catalog'),
        { rewardId: reward.id, idempotencyKey },
        { memberId, clock: databaseClock, sealKey: testConfig().sealKey },
      );
    await cancel(await redeem(canaries.redemptionKey));
    const late = await redeem('late');
    const author = { memberId, clock: databaseClock };
    const words = { rating: 5, title: canaries.reviewTitle, body: canaries.review };
    await reviewReward(test.db('community'), { rewardId: reward.id, input: words }, author);
    await createPost(
      test.db('community'),
      {
        kind: 'STORY',
        title: canaries.postTitle,
        body: canaries.post,
        topics: [canaries.topic],
        idempotencyKey: canaries.postKey,
      },
      author,
    );
    const session = { accountId: memberId, uid: canaries.session };
    await new RecordAdapter(test.db('identity'), 'Session').upsert(memberId, session, 600);
    await work('notice-events');
    await work('mail-notices');
    const { memberNumber } = await test.db('members').findOneByOrFail(Member, { id: memberId });
    return { memberId, number: memberNumber, late };
  }

  /** Claims points, which staff do not give, and say why. */
  async function missPoints(memberId: string, partnerId: string): Promise<void> {
    const partners = test.db('partners');
    const clock = databaseClock;
    const occurredOn = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const { claimReference: reference, claimNote: note, claimReason: reason } = canaries;
    const asked = { partnerId, occurredOn, reference, note };
    const { id } = await claimMissingPoints(partners, asked, { memberId, clock });
    const decision = { id, grant: false, reason };
    await decideClaim(partners, decision, { viewer: adminViewer(), clock });
  }

  /** Takes a redemption back, by staff who say why. */
  async function cancel({ id }: Redemption): Promise<void> {
    const by = { viewer: adminViewer(), clock: databaseClock };
    const asked = { id, reason: canaries.cancelReason };
    expect(await cancelRedemption(test.db('rewards-catalog'), asked, by)).toMatchObject({
      status: 'CANCELLED',
    });
  }

  /** The document of what is held on the member. */
  async function exported(memberId: string): Promise<string> {
    const { id } = await exportMyData(test.db('members'), { memberId, clock: databaseClock });
    await runJob(test, 'export-members');
    const pieces = await rows<{ content: string }>(
      test.owner(),
      'SELECT content FROM members.data_export_piece WHERE export_id = $1 ORDER BY place',
      [id],
    );
    return pieces.map(({ content }) => content).join('');
  }

  /** Erases the member, by staff, and lets the worker do its part. */
  async function erase(memberId: string): Promise<void> {
    const asked = { memberId, reason: canaries.erasureReason };
    const by = { viewer: adminViewer(), clock: databaseClock };
    await eraseMember(test.db('members'), asked, by);
    await until(async () => {
      // What runs on the same server may hold it up for a moment.
      await rows(test.owner(), 'UPDATE members.erasure SET due_at = now() WHERE done_at IS NULL');
      await work('erase-members');
      const open = await rows(test.owner(), 'SELECT FROM members.erasure WHERE done_at IS NULL');
      return open.length === 0;
    });
  }

  /** Where canaries, and the card's number, stand: tables of every schema, the log, files. */
  async function search(number: string): Promise<{ canary: string; place: string }[]> {
    const wanted: Record<string, string> = { ...canaries, number };
    const found: { canary: string; place: string }[] = [];
    const look = (place: string, text: string) => {
      for (const [canary, value] of Object.entries(wanted)) {
        if (text.toLowerCase().includes(value.toLowerCase())) found.push({ canary, place });
      }
    };
    const tables = await rows<{ name: string }>(
      test.owner(),
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(60);
    for (const { name } of tables) {
      const [all] = await rows<{ text: string | null }>(
        test.owner(),
        `SELECT string_agg(t::text, E'\\n') AS text FROM ${name} t`,
      );
      look(name, all!.text ?? '');
    }
    look('log', log);
    look('metrics', await metrics.metrics());
    const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      look('file', await readFile(join(file.parentPath, file.name), 'utf8'));
    }
    return found;
  }

  function platform() {
    const output = new PassThrough();
    output.on('data', (line: Buffer) => (log += line.toString()));
    const logger = pino({ level: 'trace' }, output);
    const mail = openMail({ dataDir, smtpUrl: null }, logger);
    const texts = openTexts({ dataDir, smsUrl: null }, logger);
    return { clock: databaseClock, mail, texts, log: logger, metrics };
  }

  const work = (name: string) => runJob(test, name, { mail: platform().mail });

  async function codeFor(address: string): Promise<string> {
    let code: string | undefined;
    await until(async () => {
      const folder = join(dataDir, 'mail');
      for (const file of await readdir(folder).catch(() => [])) {
        const text = await readFile(join(folder, file), 'utf8');
        if (text.includes(`To: ${address}`))
          code ??= /\b\d{6}\b is your code/.exec(text)?.[0].slice(0, 6);
      }
      return code !== undefined;
    });
    return code!;
  }
});

interface Payload {
  userErrors: object[];
  verificationId?: string;
  mergeId?: string;
  member?: { id: string };
}
