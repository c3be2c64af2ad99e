import { parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import { readFileSync, statSync } from 'node:fs';
import type { Logger } from 'pino';
import { type Config, ConfigError, type TrustMode } from '../../platform/config.ts';
import { httpRefusal } from '../../platform/errors.ts';
import type { Limits } from '../../platform/limits.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { onFileChange } from '../../platform/watched-file.ts';
import {
  type Manifest,
  ManifestError,
  type TrustedDocument,
  canonical,
  idOf,
  readId,
  readManifest,
} from './manifest.ts';

/** A request as it came, whatever it is. */
type Asked = Record<string, unknown>;

/** The documents that frontends were built with, and who may send others. */
export interface TrustedDocuments {
  /**
   * Puts the document in the place of its id, and looks at what stands there already.
   *
   * @throws GraphQLError DOCUMENT_NOT_FOUND, DOCUMENT_NOT_TRUSTED
   */
  resolve(asked: Asked, caller: Caller): Asked;
  /** All of them, as they are now. */
  sources(): string[];
  close(): void;
}

interface Caller {
  /** Of the request. */
  id: string;
  viewer: Viewer;
}

/** Of texts that are kept with what they were found to be. */
const writingsCharacters = 5_000_000;
/** Documents that are not told of again. */
const toldMax = 2_000;

interface Known {
  byId: Manifest;
  byCanonical: ReadonlyMap<string, TrustedDocument>;
  /** What texts were found to be; null for those that are no trusted document. */
  bySource: LRUCache<string, { found: TrustedDocument | null }>;
}

/**
 * Opens the documents of the manifests in `config.documentFiles`, which are read again when they
 * change: one that is broken then leaves what was there.
 *
 * @param loaded called after they were read, at first and each time
 * @throws ConfigError where a manifest cannot be used at first
 */
export function openTrustedDocuments(
  config: Pick<Config, 'documentFiles' | 'trust' | 'limits'>,
  log: Logger,
): TrustedDocuments & { onLoaded(listener: () => void): void } {
  const { documentFiles, limits, trust } = config;
  const listeners: (() => void)[] = [];
  const told = new LRUCache<string, true>({ max: toldMax });
  let known = load();

  function load(): Known {
    const byId = new Map(documentFiles.flatMap((file) => [...readFile(file, limits)]));
    return {
      byId,
      byCanonical: new Map([...byId.values()].map((each) => [canonical(each.document), each])),
      bySource: new LRUCache({ maxSize: writingsCharacters }),
    };
  }

  function reload(): void {
    try {
      known = load();
    } catch (err) {
      log.warn({ err }, 'manifest refused: the documents stay as they were');
      return;
    }
    log.info({ documents: known.byId.size }, 'manifest read');
    for (const listener of listeners) listener();
  }

  /** Tells of a document once for each client, not of each request. */
  function tell(source: string, { viewer, id: requestId }: Caller, mode: TrustMode): void {
    const documentId = idOf(source);
    const { audience, subject } = viewer;
    const client = audience === 'PARTNER' ? subject : undefined;
    const key = `${client ?? audience} ${documentId}`;
    if (told.has(key)) return;
    told.set(key, true);
    log.info({ requestId, documentId, audience, client, mode }, 'untrusted document');
  }

  const ends = documentFiles.map((file) => onFileChange(file, limits.fileWatchMs, reload));
  return {
    sources: () => [...known.byId.values()].map(({ source }) => source),
    onLoaded: (listener) => void listeners.push(listener),
    close: () => ends.forEach((end) => end()),
    resolve(asked, caller) {
      const mode = modeOf(caller.viewer, trust);
      const named = namedBy(asked);
      const source = asked['query'];
      if (typeof source !== 'string') return named ? byId(asked, named, known, mode) : asked;
      if (named && named.id !== idOf(source)) {
        throw httpRefusal(400, 'BAD_REQUEST', 'The id is not that of the document beside it.');
      }
      if (mode === 'off' && known.byId.size === 0) return asked;
      const found = findSource(source, known, limits);
      if (found) return withDocument(asked, found);
      if (mode !== 'off') tell(source, caller, mode);
      if (mode === 'enforce') throw notTrusted();
      return asked;
    },
  };
}

/** @throws ConfigError, which names the file */
function readFile(file: string, limits: Limits): Manifest {
  try {
    if (statSync(file).size > limits.manifestBytes) {
      throw new ManifestError(`A manifest has at most ${limits.manifestBytes} bytes.`);
    }
    return readManifest(readFileSync(file, 'utf8'), limits);
  } catch (error) {
    throw new ConfigError(`DOCUMENT_FILES: ${file}: ${(error as Error).message}`);
  }
}

/** A client's own mode goes before its audience's. */
function modeOf({ audience, subject }: Viewer, trust: Config['trust']): TrustMode {
  return trust.get(subject ?? '') ?? trust.get(audience.toLowerCase()) ?? 'off';
}

/** The id that a request names its document by: its own field, or the extension of Apollo's clients. */
function namedBy({ documentId, extensions }: Asked): { id: string; isApollo: boolean } | null {
  if (typeof documentId === 'string') return { id: readId(documentId), isApollo: false };
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } };
  const hash = persistedQuery?.sha256Hash;
  return typeof hash === 'string' ? { id: readId(hash), isApollo: true } : null;
}

function byId(
  asked: Asked,
  { id, isApollo }: NonNullable<ReturnType<typeof namedBy>>,
  { byId: documents }: Known,
  mode: TrustMode,
): Asked {
  const found = documents.get(id);
  if (found) return withDocument(asked, found);
  // The GraphQL server says that it keeps none, and the client sends the whole document.
  if (isApollo && mode !== 'enforce') return asked;
  const message = 'There is no document of this id: send one that your frontend was built with.';
  throw httpRefusal(404, 'DOCUMENT_NOT_FOUND', message);
}

/** The trusted document that a text is, however it is laid out. */
function findSource(source: string, known: Known, limits: Limits): TrustedDocument | null {
  const before = known.bySource.get(source);
  if (before) return before.found;
  const found = known.byId.get(idOf(source)) ?? findWriting(source, known, limits);
  known.bySource.set(source, { found }, { size: source.length + 1 });
  return found;
}

function findWriting(source: string, known: Known, limits: Limits): TrustedDocument | null {
  try {
    const document = parse(source, { maxTokens: limits.documentTokens, noLocation: true });
    return known.byCanonical.get(canonical(document)) ?? null;
  } catch {
    return null;
  }
}

/** The request as if its client had sent the document, in one form whatever it sent. */
function withDocument(asked: Asked, { source, operationName }: TrustedDocument): Asked {
  const { documentId: _, extensions, ...rest } = asked;
  const { persistedQuery: __, ...others } = (extensions ?? {}) as Asked;
  if (rest['operationName'] === operationName) delete rest['operationName'];
  const isLeft = Object.keys(others).length > 0;
  return { ...rest, query: source, ...(isLeft && { extensions: others }) };
}

function notTrusted(): Error {
  const message = 'This client sends the documents that it was built with, and no others.';
  return httpRefusal(403, 'DOCUMENT_NOT_TRUSTED', message);
}
