/**
 * A member's page, as a frontend reads it: `TOKEN=… npx tsx examples/client/member/page.ts`. GRAPH
 * names another endpoint.
 */
import { createGraphClient } from '../graph-client.ts';
import { MemberPageDocument } from './operations.generated.ts';

const client = createGraphClient({
  url: process.env['GRAPH'] ?? 'http://localhost:4000/graphql',
  token: () => process.env['TOKEN'] ?? '',
});
const print = (line: string) => process.stdout.write(`${line}\n`);

let { data, missing } = await client.ask(MemberPageDocument, {});
print(`${data.me?.displayName}: ${data.me?.balance?.available ?? '?'} points`);
for (const { issuer, points } of data.me?.balance?.byIssuer ?? []) {
  // The brand is another part of the graph: its name may be missing, the points are not.
  print(`  ${points} from ${issuer?.name ?? 'a brand'}`);
}
for (const { title, author, about } of data.feed?.nodes ?? []) {
  print(`${author?.displayName ?? 'Someone'} on ${about?.name ?? 'the program'}: ${title}`);
}
for (const { path } of missing) print(`Not there just now: ${path.join('.')}`);

print('Statement');
for (let page = 1; page <= 2; page++) {
  const { nodes, pageInfo } = data.me?.statement ?? { nodes: [], pageInfo: null };
  for (const { effectiveAt, points, description } of nodes) {
    print(`  ${effectiveAt.slice(0, 10)} ${String(points).padStart(6)}  ${description}`);
  }
  if (!pageInfo?.hasNextPage) break;
  ({ data } = await client.ask(MemberPageDocument, { after: pageInfo.endCursor }));
}
