import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { limits } from '../../../platform/limits.ts';
import { listMembers } from '../../../subgraphs/members/membership/directory.ts';
import type { SetTier } from '../../../subgraphs/members/tiers/grants.ts';
import { setTier } from '../../../subgraphs/members/tiers/grants.ts';
import { listTiers } from '../../../subgraphs/members/tiers/ladder.ts';
import { progressOf } from '../../../subgraphs/members/tiers/standings.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import {
  fourTiers,
  givenQualifying,
  givenTiers,
  standingAt,
  tierNewsOf,
} from '../../support/given-tiers.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

const noon = (day: string) => new Date(`${day}T11:00:00Z`);

describe('setTier', () => {
  const test = useTestDatabase();
  beforeAll(() => givenTiers(test));

  const joined = () => givenMember(test, 0n, undefined, noon('2024-03-10'));
  const give = (
    memberId: string,
    tier: string,
    { on = '2025-05-01', ...given }: Partial<SetTier> & { on?: string } = {},
  ) =>
    setTier(
      test.db('members'),
      { memberId, tier, reason: 'A card of theirs.', ...given },
      { viewer: { ...adminViewer(), subject: 'ann' }, clock: new SetClock(noon(on)) },
    );
  const standing = async (memberId: string, day: string) => {
    const { tierCode, source, since, validUntil } = await standingAt(test, memberId, noon(day));
    return `${tierCode} ${source} ${since} ${validUntil ?? '-'}`;
  };
  const acts = (memberId: string) =>
    rows<{ actor: string; reason: string; fields: string[] }>(
      test.owner(),
      `SELECT actor, reason,
              (SELECT array_agg(c ->> 'field') FROM jsonb_array_elements(changes) c) AS fields
       FROM platform.audit_event WHERE subject_id = $1 AND action = 'setTier' ORDER BY sequence`,
      [memberId],
    );

  it('gives a tier until its last day, and records who did it and why', async () => {
    const memberId = await joined();

    await give(memberId, 'GOLD', { source: 'MATCHED', until: '2025-12-31' });

    // Whoever buys on the last day is looked at, and keeps it.
    await givenQualifying(test, memberId, 1n, { occurredAt: noon('2025-12-31') });
    expect(await standing(memberId, '2025-12-31')).toBe('GOLD MATCHED 2025-05-01 2025-12-31');
    expect(await standing(memberId, '2026-01-01')).toBe('BASE EARNED 2026-01-01 -');
    expect(await tierNewsOf(test, memberId)).toEqual(['BASE → GOLD']);
    expect(await acts(memberId)).toEqual([
      {
        actor: 'ann',
        reason: 'A card of theirs.',
        fields: ['grantedSince', 'grantedSource', 'grantedTier', 'grantedUntil'],
      },
    ]);
  });

  it('gives a floor: who earns more has more, and comes down to it', async () => {
    const memberId = await joined();
    await give(memberId, 'SILVER', { source: 'LIFETIME' });

    await givenQualifying(test, memberId, 5_000n, { occurredAt: noon('2025-06-01') });

    expect(await standing(memberId, '2025-06-01')).toBe('PLATINUM EARNED 2025-06-01 2026-12-31');
    expect(await standing(memberId, '2027-06-01')).toBe('GOLD EARNED 2027-01-01 2027-12-31');
    expect(await standing(memberId, '2040-06-01')).toBe('SILVER LIFETIME 2025-05-01 -');
  });

  it('takes nothing of what was earned', async () => {
    const memberId = await joined();
    await givenQualifying(test, memberId, 2_000n, { occurredAt: noon('2025-04-01') });

    await give(memberId, 'SILVER');

    expect(await standing(memberId, '2025-05-01')).toBe('GOLD EARNED 2025-04-01 2026-12-31');
    expect(await tierNewsOf(test, memberId)).toEqual(['BASE → GOLD']);
  });

  it('replaces what was given, and takes it back by the lowest', async () => {
    const memberId = await joined();
    await give(memberId, 'PLATINUM');
    await give(memberId, 'PLATINUM', { until: '2025-08-31', on: '2025-06-01' });
    expect(await standing(memberId, '2025-06-01')).toBe('PLATINUM MANUAL 2025-05-01 2025-08-31');

    await give(memberId, 'BASE', { on: '2025-07-01' });

    expect(await standing(memberId, '2025-07-01')).toBe('BASE EARNED 2025-07-01 -');
    expect(await tierNewsOf(test, memberId)).toEqual(['BASE → PLATINUM', 'PLATINUM → BASE']);
  });

  it('changes nothing by the same again, and gives one of two at once', async () => {
    const memberId = await joined();
    await give(memberId, 'GOLD');
    await give(memberId, 'GOLD');
    expect(await tierNewsOf(test, memberId)).toEqual(['BASE → GOLD']);

    const other = await joined();
    const { reasons } = await race(test.db('members'), 2, (i) =>
      give(other, i === 0 ? 'SILVER' : 'GOLD'),
    );

    expect(reasons).toEqual([]);
    const { tierCode } = await standingAt(test, other, noon('2025-05-01'));
    expect((await tierNewsOf(test, other)).at(-1)).toMatch(new RegExp(`→ ${tierCode}$`));
  });

  it.each<[string, string, Partial<SetTier>, string, string[]]>([
    ['a tier that is none', 'BRASS', {}, 'NOT_FOUND', ['tier']],
    ['nobody', 'GOLD', { memberId: randomUUID() }, 'NOT_FOUND', ['memberId']],
    ['a day that has passed', 'GOLD', { until: '2025-04-30' }, 'INVALID', ['until']],
    ['no day', 'GOLD', { until: '2025-02-30' }, 'INVALID', ['until']],
    [
      'an end of a lifetime',
      'GOLD',
      { source: 'LIFETIME', until: '2026-01-01' },
      'INVALID',
      ['until'],
    ],
    ['what only members can do', 'GOLD', { source: 'EARNED' }, 'INVALID', ['source']],
    ['no reason', 'GOLD', { reason: ' ' }, 'INVALID', ['reason']],
  ])('refuses %s, and changes nothing', async (_, tier, given, code, path) => {
    const memberId = await joined();

    await expect(give(memberId, tier, given)).rejects.toEqual(refusal(code as 'INVALID', path));

    expect(await standing(memberId, '2025-05-01')).toBe('BASE EARNED 2024-03-10 -');
    expect(await acts(memberId)).toEqual([]);
  });

  it('lets staff find those at a tier, and those at the lowest who never had another', async () => {
    const [high, low] = [await joined(), await joined()];
    await give(high, 'PLATINUM');
    const at = async (tier: string) => {
      const { nodes } = await listMembers(test.db('members'), { tier }, { first: 100 }, limits);
      return nodes.map(({ id }) => id).filter((id) => id === high || id === low);
    };

    expect([await at('PLATINUM'), await at('BASE'), await at('BRASS')]).toEqual([
      [high],
      [low],
      [],
    ]);
  });

  // Of a calendar year; 90 days end on 30 June: what was earned on 1 April counts, on 31 March not.
  it.each([
    ['nothing', [], 0n, 0, null],
    ['much', [['2025-06-30', 999n]], 999n, 99, '2025-07-01'],
    // 500 in 90 days: 500 more take another 90.
    ['half', [['2025-04-02', 500n]], 500n, 50, '2025-09-28'],
    ['half long ago', [['2025-04-01', 500n]], 500n, 50, null],
    // 100 in 90 days: 900 more take 810, and the year ends.
    ['little', [['2025-06-01', 100n]], 100n, 10, null],
  ] as [string, [string, bigint][], bigint, number, string | null][])(
    'shows how near the next tier is to who has earned %s',
    async (_, earned, current, percent, expectedOn) => {
      const memberId = await joined();
      for (const [day, points] of earned) {
        await givenQualifying(test, memberId, points, { occurredAt: noon(day) });
      }

      const ladder = await listTiers(test.db('members'));
      const at = await standingAt(test, memberId, noon('2025-06-30'));
      const progress = progressOf(at, ladder[0]!, ladder);

      expect(progress).toMatchObject({
        current,
        target: fourTiers.SILVER,
        remaining: fourTiers.SILVER - current,
        percent,
        expectedOn,
      });
      expect(progressOf(at, ladder.at(-1)!, ladder)).toBeNull();
    },
  );
});
