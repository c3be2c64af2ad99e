import { type Database, rows } from '../platform/database.ts';

/** What an export goes by. */
interface Settings {
  /** How long reading a part may take. */
  partMs: number;
  /** Records that are read at once. */
  recordsMax: number;
  /** Bytes of a piece of the document; its last record may make it longer. */
  pieceBytes: number;
}

interface Taken {
  id: string;
  requestedAt: Date;
  /** The membership, with those that became part of it. */
  memberIds: string[];
}

/** The parts, each with the schema whose function tells what it knows, in the document's order. */
const parts = [
  ['members', 'members'],
  ['ledger', 'ledger'],
  ['partners', 'partners'],
  ['rewards-catalog', 'rewards'],
  ['community', 'community'],
  ['identity', 'identity'],
] as const;

/**
 * Makes the document of the next export, all in one transaction: a worker that ends halfway leaves it to
 * the next one. Of each part it is what that knew at one instant. Where a part fails, other members'
 * exports go first from then on.
 *
 * @returns how many it made; 0 where nothing is left to do
 */
export async function exportNext(db: Database, settings: Settings): Promise<number> {
  let taken: Taken | undefined;
  try {
    return await db.transaction(async (tx) => {
      [taken] = await rows<Taken>(
        tx,
        `SELECT id, requested_at AS "requestedAt", member_ids AS "memberIds"
         FROM members.take_export()`,
      );
      if (!taken) return 0;
      // A member of many years has many rows.
      await rows(tx, `SELECT set_config('statement_timeout', $1, true)`, [String(settings.partMs)]);
      const document = new Document(tx, taken.id, settings.pieceBytes);
      await write(tx, document, taken, settings.recordsMax);
      await rows(tx, 'SELECT members.finish_export($1, $2)', [taken.id, await document.end()]);
      return 1;
    });
  } catch (error) {
    if (taken) await rows(db, 'SELECT members.put_off_export($1)', [taken.id]);
    throw error;
  }
}

async function write(
  tx: Database,
  document: Document,
  { id, requestedAt, memberIds }: Taken,
  recordsMax: number,
): Promise<void> {
  const about = { id, requestedAt, memberIds };
  await document.add(`{"export":${JSON.stringify(about)}`);
  for (const [part, schema] of parts) {
    await document.add(`,\n"${part}":{`);
    let sections = 0;
    let records = 0;
    for await (const read of readPart(tx, schema, memberIds, recordsMax)) {
      if (read.record === null) {
        await document.add(`${sections++ ? '],' : ''}\n"${read.section}":[`);
        records = 0;
      } else {
        await document.add(`${records++ ? ',' : ''}\n${read.record}`);
      }
    }
    await document.add(']}');
  }
  await document.add('}\n');
}

interface ReadRecord {
  section: string;
  /** JSON; null where a section begins. */
  record: string | null;
}

/** What a part knows, a few records at a time. */
async function* readPart(
  tx: Database,
  schema: string,
  memberIds: string[],
  recordsMax: number,
): AsyncGenerator<ReadRecord> {
  await rows(
    tx,
    `DECLARE known NO SCROLL CURSOR FOR SELECT section, record FROM ${schema}.export_member($1)`,
    [memberIds],
  );
  for (;;) {
    const some = await rows<ReadRecord>(tx, `FETCH ${recordsMax} FROM known`);
    if (some.length === 0) break;
    yield* some;
  }
  await rows(tx, 'CLOSE known');
}

/** A document on its way into the database, piece by piece: no more than one is held here. */
class Document {
  readonly #tx: Database;
  readonly #exportId: string;
  readonly #pieceBytes: number;
  #texts: string[] = [];
  #bytes = 0;
  #bytesKept = 0;
  #place = 0;

  constructor(tx: Database, exportId: string, pieceBytes: number) {
    this.#tx = tx;
    this.#exportId = exportId;
    this.#pieceBytes = pieceBytes;
  }

  async add(text: string): Promise<void> {
    this.#texts.push(text);
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes >= this.#pieceBytes) await this.#keep();
  }

  /** Keeps what is left. @returns the bytes of the whole */
  async end(): Promise<number> {
    if (this.#bytes > 0) await this.#keep();
    return this.#bytesKept;
  }

  async #keep(): Promise<void> {
    const content = this.#texts.join('');
    await rows(this.#tx, 'SELECT members.keep_export_piece($1, $2, $3)', [
      this.#exportId,
      this.#place++,
      content,
    ]);
    this.#bytesKept += this.#bytes;
    this.#texts = [];
    this.#bytes = 0;
  }
}
