import { randomUUID } from 'node:crypto';
import { databaseClock as clock } from '../../platform/clock.ts';
import { limits } from '../../platform/limits.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { ActivityImport } from '../../subgraphs/partners/entities.ts';
import { type StartImport, startImport } from '../../subgraphs/partners/imports/starting.ts';
import { keepUploadPiece } from '../../subgraphs/partners/imports/uploads.ts';
import type { TestDatabase } from './database.ts';

interface GivenFile {
  fileName?: string;
  /** How the gateway would cut it. */
  pieceBytes?: number;
  isWhole?: boolean;
}

/** A file that a partner has sent. @returns the upload's name */
export async function givenUpload(
  test: TestDatabase,
  viewer: Viewer,
  content: string | Buffer,
  { fileName = 'activities.csv', pieceBytes = 1_000_000, isWhole = true }: GivenFile = {},
): Promise<string> {
  const id = randomUUID();
  const bytes = Buffer.from(content);
  const pieces = Math.ceil(bytes.length / pieceBytes);
  for (let place = 0; place < pieces; place++) {
    const piece = bytes.subarray(place * pieceBytes, (place + 1) * pieceBytes);
    await keepUploadPiece(
      test.db('partners'),
      {
        id,
        fileName,
        place,
        content: piece.toString('base64'),
        isLast: isWhole && place === pieces - 1,
      },
      { viewer, clock, limits },
    );
  }
  return id;
}

/** An import of a file, which a worker has not looked at yet. */
export async function givenImport(
  test: TestDatabase,
  viewer: Viewer,
  content: string | Buffer,
  { fileName, pieceBytes, ...order }: GivenFile & Partial<StartImport> = {},
): Promise<ActivityImport> {
  const file = { ...(fileName && { fileName }), ...(pieceBytes && { pieceBytes }) };
  const upload = await givenUpload(test, viewer, content, file);
  const input = { partnerId: viewer.partnerId!, kind: 'PURCHASE' as const, upload, ...order };
  return startImport(test.db('partners'), input, { viewer, clock, limits });
}
