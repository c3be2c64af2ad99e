import { readFileSync, statSync } from 'node:fs';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { type Config, ConfigError } from '../../platform/config.ts';
import { type Metrics, measures } from '../../platform/metrics.ts';
import { onFileChange } from '../../platform/watched-file.ts';
import { idOf } from '../documents/manifest.ts';
import type { Executor } from '../executor.ts';
import { prepareAll } from '../warming.ts';
import { type OpenSupergraph, type Supergraph, hashOf } from './supergraph.ts';

interface Parts {
  config: Config;
  log: Logger;
  metrics: Metrics;
  executor: Executor;
  open: OpenSupergraph;
}

const reloadMetrics = measures((registers) => ({
  reloads: new Counter({
    name: 'coalition_gateway_supergraph_reloads_total',
    help: 'Supergraphs that were read while the gateway ran: switched to, refused, or unchanged.',
    labelNames: ['result'],
    registers,
  }),
}));

/** What the log tells of why a file is refused: it may be any file. */
const reasonCharacters = 500;

/**
 * Follows the file of the supergraph: what stands there anew is opened beside the one that is served,
 * with the operations that were asked for last, and then takes its place at once. What cannot be served
 * changes nothing.
 */
export function followSupergraph(parts: Parts): { close(): void } {
  const { config, log, executor } = parts;
  const { reloads } = reloadMetrics(parts.metrics);
  let isClosed = false;
  let isUnderWay = false;
  let hasChanged = false;

  async function takeOn(): Promise<void> {
    const started = performance.now();
    const { hash: last } = executor.supergraph;
    let next: Supergraph | null = null;
    try {
      const sdl = readSupergraph(config);
      if (hashOf(sdl) === last) return tell('unchanged');
      next = await parts.open(sdl);
      const warmed = await warm(next, parts, () => isClosed);
      if (isClosed) return void next.planner.close();
      executor.switchTo(next);
      tell('switched', { last, ...warmed, durationMs: Math.round(performance.now() - started) });
    } catch (error) {
      void next?.planner.close();
      tell('refused', { reason: (error as Error).message.slice(0, reasonCharacters) });
    }
  }

  function tell(result: 'switched' | 'refused' | 'unchanged', more: object = {}): void {
    reloads.inc({ result });
    const { hash: supergraph } = executor.supergraph;
    const line = { supergraph, file: config.supergraphFile, ...more };
    if (result === 'refused') log.error(line, 'supergraph refused: the last one stays');
    else log.info(line, `supergraph ${result}`);
  }

  /** One after the other; what changes meanwhile is read after it. */
  async function reload(): Promise<void> {
    hasChanged = true;
    if (isUnderWay) return;
    isUnderWay = true;
    while (hasChanged && !isClosed) {
      hasChanged = false;
      // oxlint-disable-next-line no-await-in-loop
      await takeOn();
    }
    isUnderWay = false;
  }

  const end = onFileChange(config.supergraphFile, config.limits.fileWatchMs, () => void reload());
  return {
    close() {
      isClosed = true;
      end();
    },
  };
}

/** @throws ConfigError, which names the file */
export function readSupergraph({
  supergraphFile: file,
  limits,
}: Pick<Config, 'supergraphFile' | 'limits'>): string {
  try {
    if (statSync(file).size <= limits.supergraphBytes) return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`SUPERGRAPH_FILE: ${(error as Error).message}`);
  }
  throw new ConfigError(`SUPERGRAPH_FILE: It has at most ${limits.supergraphBytes} bytes.`);
}

/**
 * Sees that operations can be planned on a supergraph, and prepares on it those that were asked for
 * last, as many as there is time for: others are prepared when they are asked for again.
 *
 * @throws where nothing can be planned on it
 */
async function warm(
  next: Supergraph,
  { config: { limits }, executor, log }: Parts,
  isClosed: () => boolean,
): Promise<{ prepared: number; dropped: number }> {
  await next.planner.plan({ source: '{ __typename }', operationName: undefined });
  const end = performance.now() + limits.reloadWarmingMs;
  const asked = executor.operations.recent().map((each) => ({ ...each, isAsked: true as const }));
  let dropped = 0;
  const prepared = await prepareAll(asked, next, {
    limits,
    goesOn: () => performance.now() < end && !isClosed(),
    refused(source) {
      dropped++;
      // Why may quote what a client wrote.
      log.warn({ documentId: idOf(source), supergraph: next.hash }, 'operation dropped');
    },
  });
  return { prepared, dropped };
}
