/** The rule of direction: subgraphs → ledger → platform, never up, never sideways. */
module.exports = {
  forbidden: [
    rule(
      'platform-stands-alone',
      '^platform/',
      '^(ledger|subgraphs|gateway|identity|worker|migrations)/',
    ),
    rule(
      'ledger-stands-on-platform',
      '^ledger/',
      '^(subgraphs|gateway|identity|worker|migrations)/',
    ),
    rule('subgraphs-do-not-start-things', '^subgraphs/', '^(gateway|identity|worker|migrations)/'),
    rule('subgraphs-never-meet', '^subgraphs/([^/]+)/', '^subgraphs/', '^subgraphs/$1/'),
    rule(
      'gateway-knows-only-the-schema',
      '^gateway/',
      '^(ledger|subgraphs|identity|worker|migrations)/',
    ),
    rule(
      'identity-stands-on-platform',
      '^identity/',
      '^(ledger|subgraphs|gateway|worker|migrations)/',
    ),
    rule(
      'worker-stands-on-platform',
      '^worker/',
      '^(ledger|subgraphs|gateway|identity|migrations)/',
      // What people are told has the same words wherever they read it; and a condition means the same
      // wherever members are asked. An import posts by the partners' rules, a lapse gives back by them, and a
      // replay counts by them.
      '^subgraphs/(members/((notifications|staff)/words|segments/placing)|partners/(entities|imports/(working|clearing)|refunds/lapses|replays/parts))\\.ts$',
    ),
    rule(
      'parts-do-not-stand-on-what-runs-them',
      '^(platform|ledger|subgraphs|gateway|identity|worker|migrations)/',
      '^(bench|scripts|examples|test)/|^(coalition|system)\\.ts$',
    ),
    rule(
      'examples-know-only-the-graph',
      '^examples/',
      '^(platform|ledger|subgraphs|gateway|identity|worker|migrations|scripts|test)/|^(coalition|system)\\.ts$',
    ),
    rule('ledger-only-by-its-face', '^(?!ledger/|test/ledger/)', '^ledger/', '^ledger/index\\.ts$'),
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      // Generated types name the entities that they describe, which is no cycle of values.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true },
};

function rule(name, from, to, except) {
  const target = except ? { path: to, pathNot: except } : { path: to };
  return { name, severity: 'error', from: { path: from }, to: target };
}
