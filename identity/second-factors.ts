import { randomInt } from 'node:crypto';
import { IsNull } from 'typeorm';
import { Secret, TOTP } from 'otpauth';
import { type Database, rows, transaction } from '../platform/database.ts';
import { Refusal } from '../platform/errors.ts';
import { seal, unseal } from '../platform/seal.ts';
import { RecoveryCode, SecondFactor } from './entities.ts';
import { hashOf } from './hashes.ts';
import type { ProofMeans } from './sign-in-codes.ts';

const periodSeconds = 30;
/** Steps before and after this one whose codes are taken: clocks differ, and people type slowly. */
const stepsAside = 1;
const failuresMax = 5;
const lockMs = 15 * 60_000;
const recoveryCodesMade = 10;

/** What second factors go by besides. */
export interface FactorMeans extends ProofMeans {
  sealKey: string;
}

/** Whom an invitation is for. */
export interface Invited {
  id: string;
  email: string;
  name: string;
}

/** Finds whom an invitation is for, by the hash of its token; null where it is good no more. */
export async function findInvited(db: Database, hash: Buffer): Promise<Invited | null> {
  const sql = 'SELECT id, email, name FROM members.invited_staff($1)';
  return (await rows<Invited>(db, sql, [hash]))[0] ?? null;
}

/**
 * Makes a new secret for the app of an invited person. Until the app has given a code it counts for
 * nothing, and the next call makes another one.
 *
 * @returns the secret in the form that apps read (otpauth URI), and as people type it
 * @throws Refusal EXPIRED the invitation was used, or is over
 */
export async function startFactor(
  db: Database,
  hash: Buffer,
  { sealKey }: Pick<FactorMeans, 'sealKey'>,
): Promise<{ uri: string; secret: string }> {
  const secret = new Secret({ size: 20 });
  const sealedSecret = await seal(secret.base32, sealKey);
  const { email } = await transaction(db, async (tx) => {
    const { id: staffId } = await requireInvited(tx, hash);
    const factor = { sealedSecret, confirmedAt: null, lastStep: 0, failures: 0, lockedUntil: null };
    await tx.upsert(SecondFactor, { staffId, ...factor }, ['staffId']);
    await tx.delete(RecoveryCode, { staffId });
    // Where the invitation was taken up while this waited for the row, the secret that did so stays.
    return requireInvited(tx, hash);
  });
  return { uri: appOf(secret, email).toString(), secret: secret.base32 };
}

/**
 * Takes an invitation up, with the first code of the app that was set up for it: the person may sign in
 * from now on.
 *
 * @returns the recovery codes, shown this once
 * @throws Refusal INVALID a wrong code; EXPIRED the invitation was used, or is over; LIMIT_REACHED
 */
export async function confirmFactor(
  db: Database,
  { hash, code }: { hash: Buffer; code: string },
  means: FactorMeans,
): Promise<string[]> {
  const invited = await requireInvited(db, hash);
  const at = await means.clock.now(db);
  const factor = await countTry(db, invited.id, at, 'setting up');
  const step = await stepOf(factor, code, at, means);
  const recoveryCodes = Array.from({ length: recoveryCodesMade }, newRecoveryCode);
  await transaction(db, async (tx) => {
    await useStep(tx, factor, step);
    const [taken] = await rows<{ accepted: boolean }>(
      tx,
      'SELECT members.accept_staff_invitation($1) AS accepted',
      [hash],
    );
    if (!taken!.accepted) throw invitationUsed();
    await tx.update(SecondFactor, { staffId: invited.id }, { confirmedAt: at });
    const kept = recoveryCodes.map((recoveryCode) => ({
      staffId: invited.id,
      codeHash: recoveryHash(invited.id, recoveryCode, means),
    }));
    await tx.insert(RecoveryCode, kept);
  });
  return recoveryCodes;
}

async function requireInvited(db: Database, hash: Buffer): Promise<Invited> {
  const invited = await findInvited(db, hash);
  if (!invited) throw invitationUsed();
  return invited;
}

function invitationUsed(): Refusal {
  return new Refusal('EXPIRED', 'This invitation was used, or is over: ask for another.');
}

/**
 * Checks a code of the person's app, or a recovery code in its place. Each serves once. After five
 * wrong ones in a row none is taken for 15 minutes.
 *
 * @param db not a transaction: a wrong try counts even though it is refused
 * @throws Refusal INVALID a wrong code, or one that was used; LIMIT_REACHED with the lock's end
 */
export async function checkFactor(
  db: Database,
  { staffId, code }: { staffId: string; code: string },
  means: FactorMeans,
): Promise<void> {
  const at = await means.clock.now(db);
  const factor = await countTry(db, staffId, at, 'in use');
  if (/^[\d\s]+$/.test(code)) {
    const step = await stepOf(factor, code, at, means);
    return transaction(db, (tx) => useStep(tx, factor, step));
  }
  const unused = { staffId, codeHash: recoveryHash(staffId, code, means), usedAt: IsNull() };
  const { affected } = await db.update(RecoveryCode, unused, { usedAt: at });
  if (affected !== 1) throw wrongCode();
  await db.update(SecondFactor, { staffId }, { failures: 0, lockedUntil: null });
  return undefined;
}

/**
 * Counts a try as a failure before its code is judged, in one statement of its own: parallel tries
 * cannot share a count. The one that is right takes the count back.
 */
async function countTry(
  db: Database,
  staffId: string,
  at: Date,
  state: 'setting up' | 'in use',
): Promise<SecondFactor> {
  const factor = await db.findOneBy(SecondFactor, { staffId });
  if (!factor || (factor.confirmedAt !== null) !== (state === 'in use')) throw wrongCode();
  const isLast = `failures + 1 >= ${failuresMax}`;
  const { affected } = await db
    .createQueryBuilder()
    .update(SecondFactor)
    .set({
      failures: () => `CASE WHEN ${isLast} THEN 0 ELSE failures + 1 END`,
      lockedUntil: () => `CASE WHEN ${isLast} THEN CAST(:lockEnd AS timestamptz) END`,
    })
    .where('staff_id = :staffId AND (locked_until IS NULL OR locked_until <= :at)', { staffId, at })
    .setParameter('lockEnd', new Date(at.getTime() + lockMs))
    .execute();
  if (affected === 1) return factor;
  throw new Refusal('LIMIT_REACHED', 'Too many codes were tried: wait for 15 minutes.', ['code']);
}

/** The time step whose code this is. Source: RFC 6238 §5.2. */
async function stepOf(
  { sealedSecret }: SecondFactor,
  code: string,
  at: Date,
  { sealKey }: FactorMeans,
): Promise<number> {
  const secret = Secret.fromBase32(await unseal(sealedSecret, sealKey));
  const timestamp = at.getTime();
  const token = code.replaceAll(/\s/g, '');
  const aside = appOf(secret).validate({ token, timestamp, window: stepsAside });
  if (aside === null) throw wrongCode();
  return Math.floor(timestamp / 1_000 / periodSeconds) + aside;
}

/** Of two that come at once with the same code, one has used it; a secret that was replaced meanwhile, none. */
async function useStep(
  tx: Database,
  { staffId, sealedSecret }: SecondFactor,
  step: number,
): Promise<void> {
  const { affected } = await tx
    .createQueryBuilder()
    .update(SecondFactor)
    .set({ lastStep: step, failures: 0, lockedUntil: null })
    .where('staff_id = :staffId AND sealed_secret = :sealedSecret AND last_step < :step', {
      staffId,
      sealedSecret,
      step,
    })
    .execute();
  if (affected !== 1) throw wrongCode();
}

function wrongCode(): Refusal {
  return new Refusal('INVALID', 'This code is wrong, or was used: wait for the next one.', [
    'code',
  ]);
}

function appOf(secret: Secret, label = ''): TOTP {
  return new TOTP({ issuer: 'Coalition', label, secret, period: periodSeconds });
}

/** Without those that are taken for one another: I and 1, O and 0. */
const recoveryLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** 60 random bits, in groups that can be typed. */
function newRecoveryCode(): string {
  const letters = Array.from({ length: 12 }, () => recoveryLetters[randomInt(32)]!).join('');
  return letters.replace(/(.{4})(.{4})(.{4})/, '$1-$2-$3');
}

function recoveryHash(staffId: string, code: string, { hashKey }: ProofMeans): Buffer {
  return hashOf(hashKey, 'recovery', staffId, code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''));
}
