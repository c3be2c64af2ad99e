import fc from 'fast-check';
import type { ModelCommand } from './model-answers.ts';

const hourMs = 3_600_000;

/** What happens at one instant: commands in one call, after the sweep or before it. */
export interface Step {
  /** Hours since the step before. */
  hours: number;
  sweeps: boolean;
  draws: Draw[];
}

/** Raw material of a command; what it refers to is found when it is its turn. */
export interface Draw {
  kind: string;
  member: number;
  currency: number;
  points: number;
  /** Which of the commands before is meant. */
  pick: number;
  hours: number;
  choice: number;
}

/** Who and what a sequence of commands is about. */
export interface Cast {
  members: readonly string[];
  partners: readonly string[];
  causeId: string;
  currencies: readonly string[];
  /** A fresh id, the same for the same sequence. */
  id(): string;
}

const kinds = {
  ACCRUE: 9,
  REDEEM: 4,
  DONATE: 1,
  TRANSFER: 3,
  HOLD: 4,
  CAPTURE: 3,
  RELEASE: 2,
  REVERSE: 7,
  CANCEL: 4,
  ADJUST: 2,
  ACTIVATE: 2,
  AGAIN: 3,
};

/** Hours on a grid, so that what is due often falls on the instant of another. */
const someHours = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 1, 6, 12, 24) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }).map((n) => n * 12) },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 50 }).map((n) => n * 24) },
);

const drawsOf = (weights: Partial<typeof kinds>) =>
  fc.record<Draw>({
    kind: fc.oneof(
      ...Object.entries(weights).map(([kind, weight]) => ({
        weight,
        arbitrary: fc.constant(kind),
      })),
    ),
    member: fc.nat(1),
    currency: fc.nat(2),
    points: fc.integer({ min: 1, max: 150 }),
    pick: fc.nat(40),
    hours: someHours,
    choice: fc.nat(11),
  });
const draws = drawsOf(kinds);

/** Sequences of some 150 commands. */
export const sequences = fc.array(
  fc.record<Step>({
    hours: someHours,
    sweeps: fc.nat(2).map((n) => n === 0),
    draws: fc.oneof(
      { weight: 1, arbitrary: fc.array(draws, { minLength: 1, maxLength: 1 }) },
      { weight: 2, arbitrary: fc.array(draws, { minLength: 2, maxLength: 20, size: 'max' }) },
    ),
  }),
  { minLength: 10, maxLength: 30, size: 'max' },
);

/** Lists of commands that are posted at once, at one instant. */
export interface Race {
  hours: number;
  lists: Draw[][];
}

/**
 * Races of what leaves a movement: by its version one knows afterwards which came first. A return by
 * amount leaves none where it is small.
 */
export const racingSequences = fc.array(
  fc.record<Race>({
    hours: someHours,
    lists: fc.array(
      fc.array(
        drawsOf({
          ACCRUE: 6,
          REDEEM: 6,
          DONATE: 2,
          TRANSFER: 6,
          REVERSE: 3,
          CANCEL: 3,
          ADJUST: 2,
          AGAIN: 4,
        }).map((draw) =>
          draw.kind === 'REVERSE' ? { ...draw, choice: 4 + (draw.choice % 8) } : draw,
        ),
        { minLength: 1, maxLength: 3 },
      ),
      { minLength: 6, maxLength: 10, size: 'max' },
    ),
  }),
  { minLength: 6, maxLength: 10, size: 'max' },
);

/** The command that a draw stands for, after those that were asked before. */
export function commandOf(
  draw: Draw,
  at: number,
  asked: readonly ModelCommand[],
  cast: Cast,
): ModelCommand {
  const { kind, choice } = draw;
  if (kind === 'AGAIN') {
    const first = latest(asked, draw.pick, () => true);
    if (!first) return commandOf({ ...draw, kind: 'ACCRUE' }, at, asked, cast);
    return choice < 8 ? first : { ...first, points: (first.points ?? 1n) * 2n };
  }
  const targets: Record<string, string[]> = {
    CAPTURE: ['HOLD'],
    RELEASE: ['HOLD'],
    REVERSE: ['ACCRUE'],
    CANCEL: ['REDEEM', 'DONATE', 'CAPTURE'],
    ACTIVATE: ['ACCRUE', 'ADJUST'],
  };
  const target = targets[kind] && latest(asked, draw.pick, (c) => targets[kind]!.includes(c.kind));
  const command = {
    kind,
    member: target?.member ?? cast.members[draw.member]!,
    currency: target?.currency ?? cast.currencies[draw.currency]!,
    key: cast.id(),
  };
  const points = BigInt(draw.points);
  // Enough to use up what there is, now and then.
  const much = choice < 4 ? points * 4n : points;
  const partner = cast.partners[choice % 2]!;
  const some = choice % 3 === 0 ? { points } : {};
  switch (kind) {
    case 'ACCRUE':
      return { ...command, points, partner, ...datesOf(draw, at) };
    case 'ADJUST':
      return choice < 5
        ? { ...command, points: -points }
        : { ...command, points, ...(choice < 8 && { partner }), ...datesOf(draw, at) };
    case 'REDEEM':
      return { ...command, points: much, partner };
    case 'DONATE':
      return { ...command, points: much, partner: cast.causeId };
    case 'TRANSFER':
      return { ...command, points: much, other: cast.members.find((id) => id !== command.member)! };
    case 'HOLD':
      return { ...command, points, partner, expiresAt: at + Math.max(draw.hours, 1) * hourMs };
    case 'REVERSE':
      return { ...command, target: target?.key ?? cast.id(), ...reversalOf(draw) };
    default:
      return {
        ...command,
        target: target?.key ?? cast.id(),
        ...(kind !== 'ACTIVATE' && kind !== 'RELEASE' && some),
      };
  }
}

/** One of the last commands of a kind; the same commands with the same pick give the same. */
function latest(
  asked: readonly ModelCommand[],
  pick: number,
  isMeant: (command: ModelCommand) => boolean,
): ModelCommand | undefined {
  const meant = asked.filter(isMeant);
  return meant.at(-1 - (pick % Math.min(meant.length, 8)));
}

function datesOf({ kind, choice, hours, pick }: Draw, at: number): Partial<ModelCommand> {
  const later = at + Math.max(hours, 1) * hourMs;
  const expiresAt = [undefined, Infinity, at + pick * 12 * hourMs][pick % 3];
  const ends = expiresAt === undefined ? {} : { expiresAt };
  switch (choice) {
    case 8:
      return { ...ends, activatesAt: later };
    case 9:
      return { ...ends, activatesAt: Infinity };
    case 10:
      return { ...ends, activatesAt: Infinity, cancelsAt: later };
    case 11:
      return { ...ends, ...(kind === 'ACCRUE' && { effectiveAt: at - hours * hourMs }) };
    default:
      return ends;
  }
}

function reversalOf({ choice, points, pick }: Draw): Partial<ModelCommand> {
  const debtLimit = [undefined, 0n, 30n, 100n][pick % 4];
  return {
    clawback: (['DEBT', 'DEBT', 'WITHIN_BALANCE', 'ONLY_PENDING'] as const)[choice % 4]!,
    risk: (['ISSUER', 'OPERATOR', 'SHARED'] as const)[pick % 3]!,
    ...(debtLimit !== undefined && { debtLimit }),
    // Of 150.00 in thirds, now and then more than all of it.
    ...(choice < 4 && { returned: BigInt(points) * 101n, total: 15_000n }),
    ...(choice >= 4 && choice < 7 && { points: BigInt(points) }),
  };
}
