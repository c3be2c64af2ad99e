import { randomUUID } from 'node:crypto';
import {
  accrueAll,
  cancelRedemption,
  captureHold,
  holdPoints,
  redeemAll,
  releaseHold,
  reverseAccrual,
  transferPoints,
} from '../../ledger/index.ts';
import type { Database } from '../../platform/database.ts';
import type { Refusal } from '../../platform/errors.ts';
import { aRedemption, anAccrual, noon } from '../support/given-points.ts';

const dayMs = 86_400_000;

/** What every answer of the ledger has. */
export interface Answer {
  /** The account's balance right after the command. */
  balance: bigint;
  repeated: boolean;
}

/** Something that a command leaves in the tables. */
export interface Fact {
  what: 'movement' | 'hold' | 'end of a hold';
  /** The command's key, or the hold's. */
  id: string;
  memberId: string;
  /** What the member's position changed by; or what is held; or what of it was captured. */
  points: bigint;
}

/** A command that a client asks for. */
export interface Ask {
  kind: KindName;
  /** Without its key. */
  request: object;
  /** All that it must leave, its own first; the id is the command's key where none is given. */
  facts: (Omit<Fact, 'id'> & { id?: string })[];
  /** What the client may go on from once it knows that this was posted. */
  opens?: keyof Knowledge;
}

/** What a client was answered, and may go on from: once. */
interface Known {
  key: string;
  memberId: string;
  points: bigint;
}

interface Knowledge {
  accruals: Known[];
  redemptions: Known[];
  holds: Known[];
}

/** Who asks. */
export interface Asker extends Knowledge {
  partnerId: string;
  members: readonly string[];
  /** A whole number below n. */
  random: (n: number) => number;
}

/** A kind of command. */
interface Kind {
  /** Whose rules send it: it goes under this part's role. */
  part: 'members' | 'partners' | 'rewards-catalog';
  /** Whether one call of the ledger takes many. */
  isGathered: boolean;
  /** Sends commands in one call. */
  send(tx: Database, requests: object[]): Promise<(Answer | Refusal)[]>;
  /** The next to ask for; null where there is nothing to ask it of. */
  draw(asker: Asker): Omit<Ask, 'kind'> | null;
}

type Each<Request> = (tx: Database, request: Request) => Promise<Answer>;
type All<Request> = (tx: Database, requests: Request[]) => Promise<(Answer | Refusal)[]>;

const together = <Request>(send: All<Request>) => ({
  isGathered: true,
  send: send as Kind['send'],
});
const alone = <Request>(send: Each<Request>): Pick<Kind, 'isGathered' | 'send'> => ({
  isGathered: false,
  send: async (tx, [request]) => [await send(tx, request as Request)],
});

export const kinds = {
  accrual: {
    part: 'partners',
    ...together(accrueAll),
    draw(asker) {
      const accrual = anAccrual({
        memberId: memberOf(asker),
        issuerId: asker.partnerId,
        points: pointsUpTo(asker, 500n),
        expiresAt: new Date(noon.getTime() + dayMs * Number(pointsUpTo(asker, 9n))),
      });
      return { request: accrual, facts: [moves(accrual, accrual.points)], opens: 'accruals' };
    },
  },
  redemption: {
    part: 'rewards-catalog',
    ...together(redeemAll),
    draw(asker) {
      const { partnerId } = asker;
      const redemption = aRedemption({
        partnerId,
        memberId: memberOf(asker),
        points: pointsUpTo(asker, 200n),
      });
      const facts = [moves(redemption, -redemption.points)];
      return { request: redemption, facts, opens: 'redemptions' };
    },
  },
  hold: {
    part: 'rewards-catalog',
    ...alone(holdPoints),
    draw(asker) {
      const { partnerId } = asker;
      const held = { memberId: memberOf(asker), points: pointsUpTo(asker, 200n) };
      const expiresAt = new Date(noon.getTime() + dayMs);
      const request = { ...held, partnerId, expiresAt, description: 'Reward', at: noon };
      return { request, facts: [{ what: 'hold', ...held }], opens: 'holds' };
    },
  },
  capture: {
    part: 'rewards-catalog',
    ...alone(captureHold),
    draw(asker) {
      const hold = asker.holds.shift();
      if (!hold) return null;
      const points = pointsUpTo(asker, hold.points);
      const { memberId } = hold;
      return {
        request: { ...movementOf('redemption', memberId), holdId: hold.key, points },
        facts: [moves(hold, -points), { what: 'end of a hold', id: hold.key, memberId, points }],
        opens: 'redemptions',
      };
    },
  },
  release: {
    part: 'rewards-catalog',
    ...alone(releaseHold),
    draw(asker) {
      const hold = asker.holds.shift();
      if (!hold) return null;
      const { key, memberId } = hold;
      return {
        request: { memberId, holdId: key, at: noon },
        facts: [{ what: 'end of a hold', id: key, memberId, points: 0n }],
      };
    },
  },
  transfer: {
    part: 'members',
    ...alone(transferPoints),
    draw(asker) {
      const { members } = asker;
      const [memberId, points] = [memberOf(asker), pointsUpTo(asker, 100n)];
      const toMemberId = members[(members.indexOf(memberId) + 1) % members.length]!;
      return {
        request: { ...movementOf('transfer', memberId), toMemberId, points },
        facts: [moves({ memberId }, -points), moves({ memberId: toMemberId }, points)],
      };
    },
  },
  reversal: {
    part: 'partners',
    ...alone(reverseAccrual),
    draw(asker) {
      const accrual = asker.accruals.shift();
      if (!accrual) return null;
      const points = pointsUpTo(asker, accrual.points);
      const { key: accrualId, memberId } = accrual;
      // What the member has no more becomes a debt: the position changes by all of it.
      const terms = { clawback: 'DEBT', debtLimit: null, risk: 'OPERATOR' };
      return {
        request: { ...movementOf('activity', memberId), ...terms, accrualId, points },
        facts: [moves(accrual, -points)],
      };
    },
  },
  cancellation: {
    part: 'rewards-catalog',
    ...alone(cancelRedemption),
    draw(asker) {
      const redemption = asker.redemptions.shift();
      if (!redemption) return null;
      const points = pointsUpTo(asker, redemption.points);
      const { key: transferId, memberId } = redemption;
      return {
        request: { ...movementOf('redemption', memberId), transferId, points },
        facts: [moves(redemption, points)],
      };
    },
  },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

/** All kinds in turn; of two holds one is captured and one is released. */
export const mixed: readonly KindName[] = [
  'accrual',
  'hold',
  'hold',
  'capture',
  'redemption',
  'release',
  'transfer',
  'reversal',
  'cancellation',
];

/** The next command to ask for: of the kind whose turn it is, or the next for which there is something. */
export function draw(asker: Asker, names: readonly KindName[], turn: number): Ask {
  for (let next = turn; ; next++) {
    const kind = names[next % names.length]!;
    const ask = (kinds[kind] as Kind).draw(asker);
    if (ask) return { kind, ...ask };
  }
}

function moves({ memberId }: { memberId: string }, points: bigint): Ask['facts'][number] {
  return { what: 'movement', memberId, points };
}

function movementOf(kind: 'activity' | 'redemption' | 'transfer', memberId: string) {
  return { memberId, source: { kind, id: randomUUID() }, description: 'Test', at: noon };
}

function memberOf({ members, random }: Asker): string {
  return members[random(members.length)]!;
}

function pointsUpTo({ random }: Asker, max: bigint): bigint {
  return BigInt(1 + random(Number(max)));
}
