import { createHash, randomInt } from 'node:crypto';
import type { Database } from '../../platform/database.ts';
import { seal } from '../../platform/seal.ts';
import { type Redemption, Voucher } from './entities.ts';

// 31 characters that are not taken for each other: with a prime number of them, the sum below tells
// every single wrong character, and every two that changed places.
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
/** Characters by chance: 31^17 codes are 84 bits. */
const drawn = 17;

/**
 * A new code: 17 characters by chance and one that checks them, in groups of six. Each character's
 * place in the alphabet times its place in the code, counted from the right and from 1, sum to a
 * multiple of 31.
 */
export function drawCode(): string {
  const values = Array.from({ length: drawn }, () => randomInt(alphabet.length));
  const sum = values.reduce((total, value, index) => total + value * (drawn + 1 - index), 0);
  const check = (alphabet.length - (sum % alphabet.length)) % alphabet.length;
  const code = [...values, check].map((value) => alphabet[value]).join('');
  return code.replaceAll(/.{6}(?=.)/g, '$&-');
}

/**
 * Issues a code for each unit of a redemption. A code is as good as money: the database keeps it
 * sealed, to be shown again, beside a hash to find it by. It has too many random bits to be guessed
 * from a hash that is not slow.
 */
export async function issueVouchers(
  tx: Database,
  { id: redemptionId, quantity }: Redemption,
  sealKey: string,
): Promise<void> {
  const vouchers = Array.from({ length: quantity }, async (_, position) => {
    const code = drawCode();
    const sealedCode = await seal(code, sealKey);
    return { redemptionId, position, codeHash: hashOfCode(code), sealedCode, status: 'ISSUED' };
  });
  await tx.insert(Voucher, (await Promise.all(vouchers)) as Voucher[]);
}

/** SHA-256 in hex of a code as it is read out: without its hyphens. */
function hashOfCode(code: string): string {
  return createHash('sha256').update(code.replaceAll('-', '')).digest('hex');
}
