import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Review } from '../../../subgraphs/community/entities.ts';
import {
  type WriteReview,
  deleteReview,
  reviewPartner,
  reviewReward,
} from '../../../subgraphs/community/reviews.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenInvited, givenPartner, givenStatus } from '../../support/given-partners.ts';
import { givenCustomer, givenRedeemer, givenReview } from '../../support/given-reviews.ts';
import { givenDraft, givenReward } from '../../support/given-rewards.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, memberViewer } from '../../support/subgraph.ts';

const test = useTestDatabase();
const noon = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-02T12:00:00Z');
const clock = new SetClock(noon);
beforeEach(() => {
  clock.at = noon;
});

const good = { rating: 4, title: 'Quiet', body: 'I slept well.' };

function ofReward(memberId: string, rewardId: string, input: Partial<WriteReview> = {}) {
  const asked = { rewardId, input: { ...good, ...input } };
  return reviewReward(test.db('community'), asked, { memberId, clock });
}

function ofPartner(memberId: string, partnerId: string, input: Partial<WriteReview> = {}) {
  const asked = { partnerId, input: { ...good, ...input } };
  return reviewPartner(test.db('community'), asked, { memberId, clock });
}

const kept = (memberId: string) => test.db('community').findBy(Review, { memberId });

async function events(memberId: string): Promise<string[]> {
  const found = await rows<{ type: string }>(
    test.owner(),
    `SELECT type FROM platform.outbox WHERE member_id = $1 AND type LIKE 'review.%'
     ORDER BY sequence`,
    [memberId],
  );
  return found.map(({ type }) => type);
}

async function setMember(memberId: string, change: string): Promise<void> {
  await test.owner().query(`UPDATE members.member SET ${change} WHERE id = $1`, [memberId]);
}

describe('reviewReward', () => {
  it('keeps what a member thinks of a reward that they redeemed', async () => {
    const { id: rewardId } = await givenReward(test);
    const memberId = await givenRedeemer(test, rewardId);

    const review = await ofReward(memberId, rewardId, { title: ' Quiet ', body: 'Cafe\u0301' });

    const expected = {
      memberId,
      aboutRewardId: rewardId,
      aboutPartnerId: null,
      rating: 4,
      title: 'Quiet',
      body: 'Caf\u00e9',
      verified: true,
      createdAt: noon,
      editedAt: null,
    };
    expect(review).toMatchObject(expected);
    expect(await kept(memberId)).toEqual([{ id: review.id, ...expected }]);
    expect(await events(memberId)).toEqual(['review.created']);
  });

  it('replaces the first by another, which keeps its id and place', async () => {
    const { id: rewardId } = await givenReward(test);
    const memberId = await givenRedeemer(test, rewardId);
    const first = await ofReward(memberId, rewardId);
    clock.at = later;

    const second = await ofReward(memberId, rewardId, { rating: 2, title: null });

    expect(second).toMatchObject({
      id: first.id,
      rating: 2,
      title: null,
      body: 'I slept well.',
      createdAt: noon,
      editedAt: later,
    });
    expect(await kept(memberId)).toEqual([second]);
    expect(await events(memberId)).toEqual(['review.created', 'review.edited']);
  });

  it('changes nothing when the same is written again, though the reward has gone', async () => {
    const { id: rewardId, partnerId } = await givenReward(test);
    const memberId = await givenRedeemer(test, rewardId);
    const first = await ofReward(memberId, rewardId, { title: null });
    await givenStatus(test, partnerId, 'SUSPENDED');
    clock.at = later;

    expect(await ofReward(memberId, rewardId, { title: null })).toEqual(first);

    expect(await kept(memberId)).toEqual([first]);
    expect(await events(memberId)).toEqual(['review.created']);
    await expect(ofReward(memberId, rewardId)).rejects.toEqual(refusal('NOT_FOUND', ['rewardId']));
    expect(await kept(memberId)).toEqual([first]);
  });

  it('keeps one review of twenty that come at once, all the same', async () => {
    const { id: rewardId } = await givenReward(test);
    const memberId = await givenRedeemer(test, rewardId);

    const { answers, reasons } = await race(test.db('community'), 20, () =>
      ofReward(memberId, rewardId),
    );

    expect(reasons).toEqual([]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await kept(memberId)).toEqual([answers[0]]);
    expect(await events(memberId)).toEqual(['review.created']);
  });

  it('keeps one of twenty different ones, as it was written', async () => {
    const { id: rewardId } = await givenReward(test);
    const memberId = await givenRedeemer(test, rewardId);

    const { answers, reasons } = await race(test.db('community'), 20, (index) =>
      ofReward(memberId, rewardId, { rating: (index % 5) + 1, body: `Stars: ${(index % 5) + 1}` }),
    );

    expect(reasons).toEqual([]);
    expect(answers).toHaveLength(20);
    const [review, ...more] = await kept(memberId);
    expect(more).toEqual([]);
    expect(review!.body).toBe(`Stars: ${review!.rating}`);
  });

  it('keeps one review or none when it is written and deleted at once', async () => {
    const { id: rewardId } = await givenReward(test);
    const memberId = await givenRedeemer(test, rewardId);
    const viewer = memberViewer(memberId);
    await ofReward(memberId, rewardId);

    const { reasons } = await race(test.db('community'), 20, async (index) => {
      const [review] = await kept(memberId);
      if (index % 2 === 0 || !review) return ofReward(memberId, rewardId, { body: `${index}` });
      return deleteReview(test.db('community'), review.id, { viewer, clock });
    });

    // Only a review that another call has deleted is not found.
    expect(reasons).toEqual(reasons.map(() => refusal('NOT_FOUND', ['id'])));
    const told = await events(memberId);
    const made = told.filter((type) => type === 'review.created').length;
    const gone = told.filter((type) => type === 'review.deleted').length;
    expect(await kept(memberId)).toHaveLength(made - gone);
  });

  describe('refuses, and keeps nothing,', () => {
    it('a reward that the member has not redeemed', async () => {
      const { id: rewardId, partnerId } = await givenReward(test);
      const other = await givenReward(test, { partnerId });
      const memberId = await givenRedeemer(test, other.id);
      await givenRedeemer(test, rewardId);

      await expect(ofReward(memberId, rewardId)).rejects.toEqual(
        refusal('NOT_ELIGIBLE', ['rewardId']),
      );
      expect(await kept(memberId)).toEqual([]);
      expect(await events(memberId)).toEqual([]);
    });

    it('a reward that not everybody may see', async () => {
      const { id: draft } = await givenDraft(test);
      const { id: rewardId, partnerId } = await givenReward(test);
      const memberId = await givenRedeemer(test, rewardId);
      await givenStatus(test, partnerId, 'SUSPENDED');

      for (const unseen of [draft, rewardId, randomUUID()]) {
        await expect(ofReward(memberId, unseen)).rejects.toEqual(
          refusal('NOT_FOUND', ['rewardId']),
        );
      }
      expect(await kept(memberId)).toEqual([]);
    });

    it('a member whose account is suspended, and one of the sandbox', async () => {
      const { id: rewardId } = await givenReward(test);
      const suspended = await givenRedeemer(test, rewardId);
      const sandbox = await givenRedeemer(test, rewardId);
      await setMember(suspended, `status = 'SUSPENDED'`);
      await setMember(sandbox, 'sandbox = true');

      await expect(ofReward(suspended, rewardId)).rejects.toEqual(refusal('MEMBER_INACTIVE'));
      await expect(ofReward(sandbox, rewardId)).rejects.toEqual(refusal('NOT_ALLOWED'));
      expect([...(await kept(suspended)), ...(await kept(sandbox))]).toEqual([]);
    });

    it.each<[string, Partial<WriteReview>, string[]]>([
      ['no star', { rating: 0 }, ['rating']],
      ['six stars', { rating: 6 }, ['rating']],
      ['half a star', { rating: 4.5 }, ['rating']],
      ['an empty title', { title: ' ' }, ['title']],
      ['a title of 201 characters', { title: 'a'.repeat(201) }, ['title']],
      ['an empty body', { body: ' ' }, ['body']],
      ['a body of 20,001 characters', { body: 'a'.repeat(20_001) }, ['body']],
    ])('%s', async (_, input, path) => {
      const { id: rewardId } = await givenReward(test);
      const memberId = await givenRedeemer(test, rewardId);

      await expect(ofReward(memberId, rewardId, input)).rejects.toEqual(refusal('INVALID', path));
      expect(await kept(memberId)).toEqual([]);
    });

    it('an id that is none', async () => {
      await expect(ofReward(randomUUID(), 'r1')).rejects.toEqual(refusal('INVALID', ['rewardId']));
    });
  });
});

describe('reviewPartner', () => {
  it('keeps what a member thinks of a partner that they dealt with, and replaces it', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenCustomer(test, partnerId);

    const first = await ofPartner(memberId, partnerId);
    clock.at = later;
    const second = await ofPartner(memberId, partnerId, { rating: 5 });

    expect(first).toMatchObject({ aboutRewardId: null, aboutPartnerId: partnerId, verified: true });
    expect(second).toMatchObject({ id: first.id, rating: 5, createdAt: noon, editedAt: later });
    expect(await kept(memberId)).toEqual([second]);
    expect(await events(memberId)).toEqual(['review.created', 'review.edited']);
  });

  it('keeps one review of ten that come at once', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenCustomer(test, partnerId);

    const { answers } = await race(test.db('community'), 10, () => ofPartner(memberId, partnerId));

    expect(answers).toHaveLength(10);
    expect(await kept(memberId)).toEqual([answers[0]]);
  });

  it('refuses a member of whom the partner knows no activity, and keeps nothing', async () => {
    const [partnerId, other] = [await givenPartner(test), await givenPartner(test)];
    const customer = await givenCustomer(test, other);
    const tester = await givenCustomer(test, partnerId);
    await test
      .owner()
      .query('UPDATE partners.activity SET sandbox = true WHERE member_id = $1', [tester]);

    for (const memberId of [customer, tester, await givenMember(test)]) {
      await expect(ofPartner(memberId, partnerId)).rejects.toEqual(
        refusal('NOT_ELIGIBLE', ['partnerId']),
      );
      expect(await kept(memberId)).toEqual([]);
    }
  });

  it('refuses a partner that is not live', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenCustomer(test, partnerId);
    await givenStatus(test, partnerId, 'SUSPENDED');

    for (const unseen of [partnerId, await givenInvited(test), randomUUID()]) {
      await expect(ofPartner(memberId, unseen)).rejects.toEqual(
        refusal('NOT_FOUND', ['partnerId']),
      );
    }
    await expect(ofPartner(memberId, 'p1')).rejects.toEqual(refusal('INVALID', ['partnerId']));
    expect(await kept(memberId)).toEqual([]);
  });
});

describe('deleteReview', () => {
  const remove = (id: string, viewer = adminViewer(['COMMUNITY_MODERATE'])) =>
    deleteReview(test.db('community'), id, { viewer, clock });

  it('takes a review away by its author, who may write another', async () => {
    const { id: rewardId } = await givenReward(test);
    const review = await givenReview(test, rewardId, 1);
    const { memberId } = review;

    expect(await remove(review.id, memberViewer(memberId))).toEqual(review);

    expect(await kept(memberId)).toEqual([]);
    expect(await events(memberId)).toEqual(['review.created', 'review.deleted']);
    expect((await ofReward(memberId, rewardId)).id).not.toBe(review.id);
  });

  it('takes a review away by staff, and only that', async () => {
    const { id: rewardId } = await givenReward(test);
    const [one, other] = [
      await givenReview(test, rewardId, 1),
      await givenReview(test, rewardId, 2),
    ];

    await remove(one.id);

    expect(await kept(one.memberId)).toEqual([]);
    expect(await kept(other.memberId)).toEqual([other]);
  });

  it('refuses another member’s review, and leaves it', async () => {
    const { id: rewardId } = await givenReward(test);
    const review = await givenReview(test, rewardId, 1);
    const other = memberViewer(await givenRedeemer(test, rewardId));

    await expect(remove(review.id, other)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    await expect(remove('r1', other)).rejects.toEqual(refusal('INVALID', ['id']));
    expect(await kept(review.memberId)).toEqual([review]);
  });

  it('deletes once when ten calls come at once, and finds nothing again', async () => {
    const { id: rewardId } = await givenReward(test);
    const { id, memberId } = await givenReview(test, rewardId, 1);

    const { answers, reasons } = await race(test.db('community'), 10, () => remove(id));

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(9).fill(refusal('NOT_FOUND', ['id'])));
    await expect(remove(id)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    expect(await events(memberId)).toEqual(['review.created', 'review.deleted']);
  });
});
