import DataLoader from 'dataloader';
import type { ConsentScope } from './contract.generated.ts';
import { type Database, rows } from './database.ts';
import type { Viewer } from './viewer.ts';

export interface ConsentQuestion {
  memberId: string;
  /** Null: any consent that is alive. */
  scope: ConsentScope | null;
}

/**
 * Whether the calling partner has a member's consent, by `members.may`: read in the database on
 * every request, so that a revoked one counts no more. Questions of one request go in one call for
 * each scope.
 *
 * @returns a function that is false for everybody but partners
 */
export function consentReader(
  db: Database,
  viewer: Viewer,
): (question: ConsentQuestion) => Promise<boolean> {
  const { partnerId, sandbox } = viewer;
  if (!partnerId) return () => Promise.resolve(false);
  const loader = new DataLoader<ConsentQuestion, boolean, string>(
    async (questions) => {
      const allowed = new Set<string>();
      for (const scope of new Set(questions.map((question) => question.scope))) {
        const ids = questions.filter((q) => q.scope === scope).map((q) => q.memberId);
        for (const id of await mayAct(db, { partnerId, sandbox }, ids, scope)) {
          allowed.add(`${id} ${scope}`);
        }
      }
      return questions.map(({ memberId, scope }) => allowed.has(`${memberId} ${scope}`));
    },
    { cacheKeyFn: ({ memberId, scope }) => `${memberId} ${scope}`, maxBatchSize: 500 },
  );
  return (question) => loader.load(question);
}

/** The ids among `memberIds` of whom the partner holds a live consent of this scope, or any. */
export async function mayAct(
  db: Database,
  partner: { partnerId: string; sandbox: boolean },
  memberIds: string[],
  scope: ConsentScope | null,
): Promise<Set<string>> {
  const found = await rows<{ memberId: string }>(
    db,
    'SELECT may AS "memberId" FROM members.may($1, $2, $3, $4)',
    [partner.partnerId, memberIds, scope, partner.sandbox],
  );
  return new Set(found.map(({ memberId }) => memberId));
}
