import { randomUUID } from 'node:crypto';
import { limits } from '../../../platform/limits.ts';
import { type DomainEvent, emit } from '../../../platform/outbox.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { languages, linkOf, wordsOf } from '../../../subgraphs/members/notifications/words.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { runJob } from '../../support/jobs.ts';
import { keptMail } from '../../support/mail.ts';
import { race } from '../../support/race.ts';
import { until } from '../../support/until.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  testPlatform,
} from '../../support/subgraph.ts';

interface Told {
  id: string;
  kind: string;
  title: string;
  body: string;
  link: string | null;
  readAt: string | null;
}

describe('notifications', () => {
  const test = useTestDatabase();
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await start(configOn(test), testPlatform());
  });
  afterAll(() => subgraph.drain());
  const { ask, codeOf } = callsOf(() => subgraph);

  let memberId: string;
  let mail: ReturnType<typeof keptMail>;
  beforeEach(async () => {
    memberId = await givenMember(test);
    await run('notice-events');
    await rows(test.owner(), 'DELETE FROM members.notification');
    mail = keptMail();
  });

  const run = (name: string, by = mail, jobMailsMax: number = limits.jobMailsMax) =>
    runJob(test, name, { mail: by, limits: { ...limits, jobMailsMax } });
  const redeemed = (event: Partial<DomainEvent> = {}) =>
    emit(test.db('rewards-catalog'), {
      type: 'reward.redeemed',
      memberId,
      payload: { redemptionId: 'r-1' },
      occurredAt: new Date(),
      ...event,
    });
  const notifications = async (args = '') => {
    const { me } = await ask<{
      me: { notifications: { nodes: Told[]; unread: number; pageInfo: { endCursor: string } } };
    }>(
      memberViewer(memberId),
      `{ me { notifications${args} {
         nodes { id kind title body link readAt } unread pageInfo { endCursor } } } }`,
    );
    return me.notifications;
  };
  const choose = (preferences: string) =>
    ask<{ updateNotificationPreferences: { userErrors: { code: string; path: string[] }[] } }>(
      memberViewer(memberId),
      `mutation { updateNotificationPreferences(preferences: ${preferences}) {
         member { id } userErrors { code path } } }`,
    ).then(({ updateNotificationPreferences: { userErrors } }) => userErrors);
  const optIn = (isIn = true) =>
    rows(test.owner(), 'UPDATE members.member SET marketing_opt_in = $2 WHERE id = $1', [
      memberId,
      isIn,
    ]);

  it('tell a member what has happened, in the application and by e-mail', async () => {
    await redeemed();

    expect(await run('notice-events')).toBe(1);
    expect(await run('mail-notices')).toBe(1);

    const { nodes, unread } = await notifications();
    expect(nodes).toMatchObject([
      { kind: 'REDEMPTION', title: 'Your reward is ready', link: '/redemptions/r-1', readAt: null },
    ]);
    expect(unread).toBe(1);
    const [sent] = mail.sent;
    expect(sent).toMatchObject({
      subject: 'Your reward is ready',
      to: expect.stringMatching(/@example\.com$/) as string,
    });
    expect(sent!.text).toContain(nodes[0]!.body);
  });

  it('are in the language of the member', async () => {
    await rows(test.owner(), `UPDATE members.member SET locale = 'de-CH' WHERE id = $1`, [
      memberId,
    ]);
    await redeemed();
    await run('notice-events');
    await run('mail-notices');

    expect((await notifications()).nodes[0]!.title).toBe('Ihre Prämie ist bereit');
    expect(mail.sent[0]!.subject).toBe('Ihre Prämie ist bereit');
  });

  it('tell who was held back that they may ask again, or need not', async () => {
    for (const type of ['spending.allowed', 'spending.denied']) {
      await redeemed({ type, payload: { riskCaseId: 'r', action: 'REDEMPTION' } });
    }
    await run('notice-events');

    const told = (await notifications()).nodes.map(({ title, link }) => `${link} ${title}`);
    expect(told.sort()).toEqual([
      '/points Your points were not spent',
      '/rewards You can spend your points now',
    ]);
  });

  it('tell nobody of the same twice, whoever looks and however often', async () => {
    await redeemed();
    await redeemed();

    await race(test.db('worker'), 4, () => run('notice-events'));
    await run('notice-events');
    await race(test.db('worker'), 4, () => run('mail-notices'));
    await run('mail-notices');

    expect((await notifications()).nodes).toHaveLength(2);
    expect(mail.sent).toHaveLength(2);
  });

  it('tell of nothing that is a week old, of no event that has no words, and nobody who has left', async () => {
    const occurredAt = new Date(Date.now() - 8 * 24 * 3_600_000);
    await redeemed({ occurredAt });
    await redeemed({ type: 'consent.granted' });
    const left = await givenMember(test);
    await rows(test.owner(), `UPDATE members.member SET status = 'CLOSED' WHERE id = $1`, [left]);
    await redeemed({ memberId: left });

    await run('notice-events');

    expect(
      await rows(test.owner(), 'SELECT FROM members.notification WHERE kind = $1', ['REDEMPTION']),
    ).toEqual([]);
    expect(await run('notice-events')).toBe(0);
  });

  it('go to no member of the sandbox, and by no e-mail once a membership is closed', async () => {
    await redeemed();
    await run('notice-events');
    await rows(test.owner(), `UPDATE members.member SET status = 'CLOSED' WHERE id = $1`, [
      memberId,
    ]);
    await run('mail-notices');
    memberId = await givenMember(test);
    await run('notice-events');
    await rows(test.owner(), 'DELETE FROM members.notification');
    await rows(test.owner(), 'UPDATE members.member SET sandbox = true WHERE id = $1', [memberId]);
    await redeemed();
    await run('notice-events');
    expect(await run('mail-notices')).toBe(0);

    expect((await notifications()).nodes).toEqual([]);
    expect(mail.sent).toEqual([]);
  });

  it('go by e-mail again where the mail server failed, five times in all', async () => {
    await redeemed();
    await run('notice-events');
    const down = { ...mail, deliver: () => Promise.resolve(false) };
    const makeDue = () =>
      rows(
        test.owner(),
        `UPDATE members.notification SET mail_due_at = now() WHERE mail_due_at IS NOT NULL`,
      );

    for (const tries of [1, 1, 1, 1, 1, 0]) {
      expect(await run('mail-notices', down)).toBe(tries);
      expect(await run('mail-notices', down)).toBe(0);
      await makeDue();
    }
    expect(mail.sent).toEqual([]);
  });

  it('of which a worker that ended sent none are not sent twice', async () => {
    await redeemed();
    await run('notice-events');
    const gone = { ...mail, deliver: () => Promise.reject(new Error('gone')) };

    await expect(run('mail-notices', gone)).rejects.toThrow('gone');

    expect(await run('mail-notices')).toBe(0);
    expect(mail.sent).toEqual([]);
  });

  it('go by e-mail in the order of what matters, then of what came first', async () => {
    await optIn();
    for (const type of [
      'member.enrolled',
      'points.adjusted',
      'reward.redeemed',
      'household.left',
      'member.suspended',
    ]) {
      await redeemed({ type });
      await run('notice-events');
    }

    await run('mail-notices', mail, 1);

    expect(mail.sent.map(({ subject }) => subject)).toEqual([
      'Your account is suspended',
      'Your reward is ready',
      'You are not in the household any more',
      'Your points were corrected',
      'Welcome',
    ]);
  });

  it('go several at once, of which alone a worker that ends loses any', async () => {
    for (const _ of Array(7)) await redeemed();
    await run('notice-events');
    const underWay: (() => void)[] = [];
    const slow = {
      ...mail,
      deliver: () => new Promise<boolean>((resolve) => underWay.push(() => resolve(true))),
    };
    const ending = new AbortController();
    const settings = { limits: { ...limits, jobMailsMax: 3 }, ending: ending.signal };
    const running = runJob(test, 'mail-notices', { ...settings, mail: slow });
    await until(() => Promise.resolve(underWay.length === 3));

    ending.abort();
    for (const end of underWay) end();

    expect(await running).toBe(3);
    expect(await run('mail-notices')).toBe(4);
    expect(mail.sent).toHaveLength(4);
  });

  describe('Member.notifications', () => {
    it('come page by page, the newest first, those that are unread alone where asked', async () => {
      for (const each of ['1', '2', '3']) {
        await redeemed({ payload: { redemptionId: each } });
        await run('notice-events');
      }
      const linksOf = ({ nodes }: { nodes: Told[] }) => nodes.map(({ link }) => link);
      const first = await notifications('(first: 2)');
      expect(linksOf(first)).toEqual(['/redemptions/3', '/redemptions/2']);
      expect(linksOf(await notifications(`(after: "${first.pageInfo.endCursor}")`))).toEqual([
        '/redemptions/1',
      ]);

      await ask(
        memberViewer(memberId),
        `mutation { markNotificationsRead(ids: ["${first.nodes[0]!.id}"]) { userErrors { code } } }`,
      );

      expect(linksOf(await notifications('(unreadOnly: true)'))).toEqual([
        '/redemptions/2',
        '/redemptions/1',
      ]);
    });

    it('are nobody else’s', async () => {
      await redeemed();
      await run('notice-events');
      const read = `query ($by: MemberRef!) { member(by: $by) { notifications { unread } notificationPreferences { kind } } }`;

      const { member } = await ask<{ member: object }>(adminViewer(), read, {
        by: { id: memberId },
      });

      expect(member).toEqual({ notifications: null, notificationPreferences: null });
      expect(
        await codeOf(
          adminViewer(),
          'mutation { markNotificationsRead(ids: ["x"]) { userErrors { code } } }',
        ),
      ).toBe('FORBIDDEN');
    });
  });

  describe('markNotificationsRead', () => {
    const mark = (viewer: string, ids: string[]) =>
      ask<{ markNotificationsRead: { userErrors: { code: string; path: string[] }[] } }>(
        memberViewer(viewer),
        `mutation ($ids: [ID!]!) { markNotificationsRead(ids: $ids) { userErrors { code path } } }`,
        { ids },
      ).then(({ markNotificationsRead: { userErrors } }) => userErrors);

    it('reads once, and only what is the caller’s own', async () => {
      await redeemed();
      await run('notice-events');
      const [told] = (await notifications()).nodes;

      await mark(await givenMember(test), [told!.id]);
      expect((await notifications()).unread).toBe(1);
      await mark(memberId, [told!.id, randomUUID()]);
      const [read] = (await notifications()).nodes;
      expect(read!.readAt).not.toBeNull();
      await mark(memberId, [told!.id]);

      expect((await notifications()).nodes).toEqual([read]);
      expect((await notifications()).unread).toBe(0);
    });

    it.each([
      ['no id', [], ['ids']],
      ['what is no id', ['x'], ['ids', '0']],
      ['too many', Array.from({ length: 101 }, () => randomUUID()), ['ids']],
    ])('refuses %s', async (_, ids, path) => {
      expect(await mark(memberId, ids)).toEqual([{ code: 'INVALID', path }]);
    });
  });

  describe('preferences', () => {
    const chosen = async () => {
      const { me } = await ask<{
        me: { notificationPreferences: { kind: string; channels: string[] }[] };
      }>(memberViewer(memberId), '{ me { notificationPreferences { kind channels } } }');
      return Object.fromEntries(
        me.notificationPreferences.map(({ kind, channels }) => [kind, channels.join(' ')]),
      );
    };

    it('are by e-mail what a member needs, and what advertises where the member opted in', async () => {
      const usual = {
        BALANCE: 'IN_APP',
        EXPIRY: 'IN_APP EMAIL',
        TIER: 'IN_APP EMAIL',
        OFFER: 'IN_APP',
        REDEMPTION: 'IN_APP EMAIL',
        TRANSFER: 'IN_APP EMAIL',
        HOUSEHOLD: 'IN_APP EMAIL',
        COMMUNITY: 'IN_APP',
        BIRTHDAY: 'IN_APP',
        THANK_YOU: 'IN_APP',
        SECURITY: 'IN_APP EMAIL',
      };
      expect(await chosen()).toEqual(usual);

      await optIn();

      const both = 'IN_APP EMAIL';
      expect(await chosen()).toEqual({
        ...usual,
        BALANCE: both,
        OFFER: both,
        BIRTHDAY: both,
        THANK_YOU: both,
      });
    });

    it.each([
      ['[EMAIL]', 0, 1],
      ['[IN_APP]', 1, 0],
      ['[]', 0, 0],
    ])('of %s decide where a redemption is told', async (channels, inApp, byMail) => {
      expect(await choose(`[{ kind: REDEMPTION, channels: ${channels} }]`)).toEqual([]);
      await redeemed();

      await run('notice-events');
      await run('mail-notices');

      expect((await notifications()).nodes).toHaveLength(inApp);
      expect(mail.sent).toHaveLength(byMail);
    });

    it('that are chosen again replace those of their kinds alone', async () => {
      await choose('[{ kind: OFFER, channels: [] }, { kind: TIER, channels: [EMAIL] }]');
      await choose('[{ kind: TIER, channels: [EMAIL, IN_APP] }]');

      expect(await chosen()).toMatchObject({ OFFER: '', TIER: 'IN_APP EMAIL' });
    });

    it('lose to an opt-out, whenever they were chosen, and come back with the opt-in', async () => {
      await optIn();
      const both = '[EMAIL, IN_APP]';
      await choose(`[{ kind: OFFER, channels: ${both} }, { kind: THANK_YOU, channels: [EMAIL] }]`);
      await choose(`[{ kind: BALANCE, channels: ${both} }]`);
      await redeemed({ type: 'member.enrolled' });
      await run('notice-events');

      await optIn(false);

      expect(await chosen()).toMatchObject({
        OFFER: 'IN_APP',
        THANK_YOU: '',
        BALANCE: 'IN_APP EMAIL',
      });
      await run('mail-notices');
      expect(mail.sent).toEqual([]);
      await optIn();
      expect(await chosen()).toMatchObject({ OFFER: 'IN_APP EMAIL', THANK_YOU: 'EMAIL' });
    });

    it('are refused by e-mail for what advertises to who has not opted in', async () => {
      const wish =
        '[{ kind: TIER, channels: [] }, { kind: OFFER, channels: [] }, { kind: BIRTHDAY, channels: [EMAIL] }]';
      expect(await choose(wish)).toEqual([
        { code: 'INVALID', path: ['preferences', '2', 'channels'] },
      ]);
      expect(await chosen()).toMatchObject({ TIER: 'IN_APP EMAIL', OFFER: 'IN_APP' });

      await optIn();

      expect(await choose(wish)).toEqual([]);
    });

    it('chosen at the same time are one of the choices, whole', async () => {
      await optIn();
      const wishes = ['[EMAIL]', '[IN_APP]'].map(
        (channels) =>
          `[{ kind: TIER, channels: ${channels} }, { kind: OFFER, channels: ${channels} }]`,
      );
      await Promise.all([...wishes, ...wishes].map((each) => choose(each)));

      const { TIER, OFFER } = await chosen();
      expect(TIER).toBe(OFFER);
    });

    it.each([
      ['[]', ['preferences']],
      [
        '[{ kind: TIER, channels: [] }, { kind: TIER, channels: [EMAIL] }]',
        ['preferences', '1', 'kind'],
      ],
      ['[{ kind: SECURITY, channels: [IN_APP] }]', ['preferences', '0']],
    ])('refuse %s and change nothing', async (wish, path) => {
      expect(await choose(wish)).toEqual([{ code: 'INVALID', path }]);
      expect(
        await rows(
          test.owner(),
          'SELECT FROM members.notification_preference WHERE member_id = $1',
          [memberId],
        ),
      ).toEqual([]);
    });
  });

  describe('words', () => {
    it('are there in every language for every event that is told', async () => {
      const told = await rows<{ type: string }>(
        test.db('members'),
        'SELECT type FROM members.noticed_events()',
      );
      expect(told.length).toBeGreaterThan(1);

      const missing = Object.entries(languages).flatMap(([language, words]) =>
        told.filter(({ type }) => !(type in words)).map(({ type }) => `${language} ${type}`),
      );
      expect(missing).toEqual([]);
    });

    it.each(
      Object.entries(languages).flatMap(([language, words]) =>
        Object.keys(words).map((template) => [language, template]),
      ),
    )('in %s for %s say all that they should', (language, template) => {
      const args = {
        points: '1200',
        currency: 'Points',
        on: '2026-12-31',
        years: '2',
        redemptionId: 'r',
        claimId: 'c',
        offerId: 'o',
      };
      const notice = { memberId: 'm', template: template!, args };

      const { title, body } = wordsOf(notice, language!);

      expect(`${title} ${body} ${linkOf(notice)}`).not.toMatch(/undefined|NaN|Invalid|null/);
      expect(Object.keys(languages['en']!)).toContain(template);
    });

    it('are English where the language is not spoken', () => {
      const notice = { memberId: 'm', template: 'member.enrolled', args: {} };
      expect(wordsOf(notice, 'fr-FR').title).toBe('Welcome');
    });
  });
});
