import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type StagedAccrual, postStaged, stageAccruals } from '../../ledger/index.ts';
import { databaseClock } from '../../platform/clock.ts';
import { type Database, rows } from '../../platform/database.ts';
import type { Measurement } from './figures.ts';
import { timeRows } from './load.ts';
import type { Scale } from './scale.ts';
import { type World, aMember, anAccrual, postFile } from './world.ts';

const plainCopy = 'plain COPY of the same bytes';

/** A file of accruals of any members, posted whole, and the same again under another name. */
export function fileMeasurements(world: World, { fileRows }: Scale): Measurement[] {
  const { db, owner } = world.ground;
  let file: StagedAccrual[] = [];
  const lines = BigInt(fileRows);
  return [
    {
      name: 'bulk file, posted whole',
      against: plainCopy,
      goal: { ratio: 0.2 },
      run: async () => {
        file = Array.from({ length: fileRows }, () => anAccrual(world, aMember(world)));
        return timeRows(fileRows, () => postFile(world, file));
      },
    },
    {
      name: 'the same file again',
      against: plainCopy,
      run: () =>
        timeRows(fileRows, async () => {
          const fileId = randomUUID();
          await stageAccruals(db, { fileId, rows: file, at: new Date() });
          const { repeated } = await postStaged(db, fileId, { clock: databaseClock });
          if (repeated !== lines) throw new Error(`Of ${lines} rows, ${repeated} were repeated.`);
        }),
    },
    {
      name: plainCopy,
      against: plainCopy,
      run: () => copyPlain(owner, file),
    },
  ];
}

/** Into a table of the same columns without an index, of bytes that are ready. */
async function copyPlain(owner: Database, file: StagedAccrual[]) {
  await rows(owner, 'DROP TABLE IF EXISTS minimal.file');
  await rows(owner, 'CREATE TABLE minimal.file (LIKE ledger.staged_accrual)');
  const fileId = randomUUID();
  const pieces: Buffer[] = [];
  for (let from = 0; from < file.length; from += 300) {
    const some = file.slice(from, from + 300).map((accrual, index) => {
      const instant = accrual.effectiveAt!.toISOString();
      const { memberId, key, points, issuerId, issuePrice, source, description } = accrual;
      const fields = [memberId, fileId, from + index + 1, key, 'PTS', points, issuerId, issuePrice];
      fields.push(instant, '\\N', '\\N', '\\N', 'true', source.kind, source.id, description);
      return fields.join('\t');
    });
    pieces.push(Buffer.from(`${some.join('\n')}\n`));
  }
  return timeRows(file.length, () =>
    owner.transaction(async (tx) => {
      const client = (await tx.queryRunner!.connect()) as pg.ClientBase;
      await pipeline(Readable.from(pieces), client.query(copyFrom('COPY minimal.file FROM STDIN')));
    }),
  );
}
