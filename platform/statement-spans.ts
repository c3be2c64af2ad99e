import type { Attributes } from '@opentelemetry/api';
import { sqlStateOf } from './database.ts';
import { limits } from './limits.ts';
import { type Span, beginStatement, currentSpan, endSpan } from './tracing.ts';

/**
 * Runs a statement as a part of what is under way, where that is traced.
 *
 * @param asked what pg's client is asked: a text, or what has one. Its values are told to nobody
 */
export function tracedStatement<Answer>(asked: unknown, run: () => Answer): Answer {
  if (!currentSpan()) return run();
  const text = typeof asked === 'string' ? asked : (asked as { text?: unknown }).text;
  if (typeof text !== 'string') return run();
  const span = beginStatement(limits.tracedStatements, () => describe(text));
  if (!span) return run();
  const answer = run();
  // A stream of rows, or who waits by a callback: such a span is never ended, and never told of.
  return answer instanceof Promise ? (endWith(span, answer) as Answer) : answer;
}

async function endWith<Answer>(span: Span, answer: Promise<Answer>): Promise<Answer> {
  try {
    const answered = await answer;
    const { rows } = answered as { rows?: unknown[] };
    if (rows) span.setAttribute('db.response.returned_rows', rows.length);
    span.end();
    return answered;
  } catch (error) {
    endSpan(span, sqlStateOf(error) ?? (error as Error).name);
    throw error;
  }
}

function describe(text: string): { name: string; attributes: Attributes } {
  const name = summaryOf(text);
  const attributes = {
    'db.system.name': 'postgresql',
    'db.query.summary': name,
    'db.query.text': text,
  };
  return { name, attributes };
}

/** Of statements that the program is made of there are some hundreds. */
const summariesMax = 1_000;
const summaries = new Map<string, string>();

/** What a statement does and to what first, a table or a function: such as "SELECT members.member". */
function summaryOf(text: string): string {
  let summary = summaries.get(text);
  if (summary === undefined) {
    const [verb = 'statement'] = /[a-z]+/i.exec(text) ?? [];
    const [, target] = tableForm.exec(text) ?? functionForm.exec(text) ?? [];
    summary = [verb.toUpperCase(), ...(target ? [target.replaceAll('"', '')] : [])].join(' ');
    if (summaries.size === summariesMax) summaries.clear();
    summaries.set(text, summary);
  }
  return summary;
}

const tableForm = /\b(?:FROM|INTO|UPDATE|JOIN)\s+("?[a-z_]+"?\."?[a-z_]+"?)/i;
const functionForm = /\b([a-z_]+\.[a-z_]+)\s*\(/i;
