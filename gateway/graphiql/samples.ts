import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Audience } from '../../platform/contract.generated.ts';
import { root } from '../../platform/root.ts';
import { audiences } from '../audiences.ts';

/** Operations to start from. */
export interface Sample {
  /** Whose token they need; PUBLIC: none. */
  audience: Audience;
  /** The first line of the file. */
  title: string;
  query: string;
  /** JSON as a person writes it; `{now}` is for the page to fill in. */
  variables: string;
}

/** The samples in the folder of each audience, in the order of their files' names. */
export function readSamples(folder = join(root, 'gateway/graphiql/samples')): Sample[] {
  return audiences.flatMap((audience) => {
    const place = join(folder, audience.toLowerCase());
    const files = readdirSync(place).filter((name) => name.endsWith('.graphql'));
    return files.sort().map((name) => {
      const text = readFileSync(join(place, name), 'utf8');
      const [title, ...query] = text.trimEnd().split('\n');
      const variables = join(place, name.replace('.graphql', '.json'));
      return {
        audience,
        title: title!.replace(/^# /, ''),
        query: query.join('\n'),
        variables: existsSync(variables) ? readFileSync(variables, 'utf8').trimEnd() : '',
      };
    });
  });
}
