import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  defaultFieldResolver,
  getNamedType,
  isNonNullType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import type { Context } from './context.ts';
import type { Audience, ConsentScope, Scope } from './contract.generated.ts';
import { forbidden, unauthenticated } from './errors.ts';
import type { Connection } from './paging.ts';
import type { Viewer } from './viewer.ts';

/** One `@access` of the SDL. Several on one place are alternatives. */
interface AccessRule {
  to: Audience[];
  scope: Scope | null;
  consent: ConsentScope | null;
}

/**
 * Whose a row is. A member reads rows with their own id; a partner those with its own, which need the
 * member's consent only where a rule names one, or, where rows have no `partnerId`, those of members who
 * consented to it. A row that names neither is staff's.
 */
interface RowOwner {
  /** Null for a member who is gone. */
  memberId?: string | null;
  partnerId?: string | null;
  /** Which half of the world a row is in, where it is in one: test clients see the sandbox alone. */
  sandbox?: boolean;
  /** It is no member's: what members may read of it is a figure for the one who asks. */
  isForAsker?: boolean;
}

/** What a subgraph says of its types, for `@access` to be enforced. */
export interface AccessMap {
  /** For each type that is marked, or has marked fields: whose its row is. */
  owners: Record<string, (row: never) => RowOwner>;
  /** Types with a key that are open to every caller: a reviewed list. */
  publicEntities: string[];
}

/**
 * Wraps the schema's resolvers so that `@access` holds on every path. A root operation that is
 * denied is UNAUTHENTICATED or FORBIDDEN; a field that is denied on a row is null; a row of a marked
 * type that is denied is null as a whole and absent from lists, and a stream says nothing of it.
 *
 * @throws Error at boot: a mutation or a subscription without a rule, a type with a key that is neither marked nor
 *   listed as public, a rule on a type that nobody says whose its rows are
 */
export function enforceAccess(schema: GraphQLSchema, map: AccessMap): void {
  const streams = schema.getSubscriptionType();
  const roots = [schema.getQueryType(), schema.getMutationType(), streams];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    const isRoot = roots.includes(type);
    if (!isRoot) guardEntity(type, map);
    for (const field of Object.values(type.getFields())) {
      const rules = rulesOf(field);
      if (type !== schema.getQueryType() && isRoot && rules.length === 0) {
        throw new Error(`${type.name}.${field.name} has no @access rule.`);
      }
      if (field.name.startsWith('_')) continue;
      if (type === streams) {
        guardStream(field, rules, map);
        continue;
      }
      if (isRoot) guardOperation(field, rules);
      else if (rules.length > 0) guardField(field, rules, ownerOf(type, map));
      guardResult(field, map);
    }
  }
}

/** Whether one of the rules lets the viewer at the row. */
async function mayRead(rules: AccessRule[], owner: RowOwner, context: Context): Promise<boolean> {
  for (const rule of rules) if (await holds(rule, owner, context)) return true;
  return false;
}

function holds(rule: AccessRule, owner: RowOwner, context: Context): boolean | Promise<boolean> {
  const { viewer } = context;
  if (rule.to.includes('PUBLIC')) return true;
  if (!isCalledBy(rule, viewer)) return false;
  if (viewer.audience === 'MEMBER') {
    return viewer.memberId !== null && (owner.isForAsker ?? owner.memberId === viewer.memberId);
  }
  if (viewer.audience === 'ADMIN') {
    const aboutMember = 'memberId' in owner && rule.scope === null;
    return !aboutMember || viewer.scopes.includes('MEMBERS_SUPPORT');
  }
  if (owner.sandbox !== undefined && owner.sandbox !== viewer.sandbox) return false;
  if ('partnerId' in owner) {
    if (viewer.partnerId === null || owner.partnerId !== viewer.partnerId) return false;
    // What a partner wrote itself it reads without being let, unless the rule says otherwise.
    if (rule.consent === null) return true;
  }
  if (!owner.memberId) return false;
  return context.may({ memberId: owner.memberId, scope: rule.consent });
}

/** The part of a rule that needs no row: audience and scope. */
function isCalledBy(rule: AccessRule, viewer: Viewer): boolean {
  return (
    rule.to.includes('PUBLIC') ||
    (rule.to.includes(viewer.audience) &&
      (rule.scope === null || viewer.scopes.includes(rule.scope)))
  );
}

type Field = GraphQLField<unknown, Context>;

function guardOperation(field: Field, rules: AccessRule[]): void {
  if (rules.length === 0) return;
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (row, args, context, info) => {
    requireCalledBy(rules, context.viewer);
    return resolve(row, args, context, info);
  };
}

function requireCalledBy(rules: AccessRule[], viewer: Viewer): void {
  if (rules.some((rule) => isCalledBy(rule, viewer))) return;
  throw viewer.audience === 'PUBLIC' ? unauthenticated() : forbidden();
}

/** What a stream's event is that the subscriber may not know of, by now: it is left out. */
export class LeftOut extends Error {}

/** Whether a stream may begin is looked at once; whether its subscriber may read a row, at each event. */
function guardStream(field: Field, rules: AccessRule[], map: AccessMap): void {
  const { subscribe } = field;
  if (!subscribe) throw new Error(`${field.name} has nothing to subscribe to.`);
  field.subscribe = (row, args, context, info) => {
    requireCalledBy(rules, context.viewer);
    return subscribe(row, args, context, info) as unknown;
  };
  const guard = guardOf(getNamedType(field.type), map);
  if (!guard) return;
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = async (row, args, context, info) => {
    const result: unknown = await resolve(row, args, context, info);
    if (!(await guard(result, context))) throw new LeftOut();
    return result;
  };
}

function guardField(field: Field, rules: AccessRule[], owner: (row: never) => RowOwner): void {
  const resolve: GraphQLFieldResolver<unknown, Context> = field.resolve ?? defaultFieldResolver;
  if (isNonNullType(field.type)) throw new Error(`${field.name} has a rule: it must be nullable.`);
  field.resolve = async (row, args, context, info) => {
    if (!(await mayRead(rules, owner(row as never), context))) return null;
    return resolve(row, args, context, info);
  };
}

/** Denied rows of a marked type leave the field's result: null alone, absent in a list or a page. */
function guardResult(field: Field, map: AccessMap): void {
  const type = getNamedType(field.type);
  const node = nodeOf(type);
  const guard = guardOf(node ?? type, map);
  if (!guard) return;
  const resolve: GraphQLFieldResolver<unknown, Context> = field.resolve ?? defaultFieldResolver;
  field.resolve = async (row, args, context, info) => {
    const result: unknown = await resolve(row, args, context, info);
    if (node) return result && allowedOf(result as Connection<unknown>, guard, context);
    if (!Array.isArray(result)) return (await guard(result, context)) ? result : null;
    return filterBy(result, (each) => guard(each, context));
  };
}

/** The type of a connection's nodes; null where the type is no connection. */
function nodeOf(type: GraphQLNamedType): GraphQLNamedType | null {
  if (!isObjectType(type) || !type.name.endsWith('Connection')) return null;
  return getNamedType(type.getFields()['nodes']!.type);
}

/**
 * A page with the rows that are allowed alone. Its cursors hold the keys of rows: they are of those
 * that are left. Where none is, there is no place to go on from either.
 */
async function allowedOf<Row>(
  page: Connection<Row>,
  guard: Guard,
  context: Context,
): Promise<Connection<Row>> {
  const edges = await filterBy(page.edges, ({ node }) => guard(node, context));
  const { hasNextPage, hasPreviousPage } = page.pageInfo;
  return {
    ...page,
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: hasNextPage && edges.length > 0,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

async function filterBy<Item>(
  items: Item[],
  test: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const allowed = await Promise.all(items.map(test));
  return items.filter((_, index) => allowed[index]);
}

type Guard = (row: unknown, context: Context) => Promise<boolean>;

/** The check of rows of this type; null where it is open. */
function guardOf(type: GraphQLNamedType, map: AccessMap): Guard | null {
  if (!isObjectType(type)) return null;
  const rules = rulesOf(type);
  if (rules.length === 0) return null;
  const owner = ownerOf(type, map);
  return async (row, context) => row == null || mayRead(rules, owner(row as never), context);
}

type ReferenceResolver = (reference: object, context: Context, info: unknown) => unknown;
interface SubgraphExtension {
  apollo?: { subgraph?: { resolveReference?: ReferenceResolver } };
}

/** References are a path like every other: the gateway will ask for any key. */
function guardEntity(type: GraphQLObjectType, map: AccessMap): void {
  const isEntity = directivesOf(type).some(
    ({ name, arguments: given }) =>
      name.value === 'key' &&
      !given?.some(
        ({ name: key, value }) =>
          key.value === 'resolvable' && valueFromASTUntyped(value) === false,
      ),
  );
  if (!isEntity) return;
  const guard = guardOf(type, map);
  if (!guard) {
    if (map.publicEntities.includes(type.name)) return;
    throw new Error(`${type.name} has a key, but no @access, and is not listed as public.`);
  }
  const subgraph = (type.extensions as SubgraphExtension).apollo?.subgraph;
  const resolve = subgraph?.resolveReference;
  if (!subgraph || !resolve) throw new Error(`${type.name} has a key, but resolves no reference.`);
  subgraph.resolveReference = async (reference, context, info) => {
    const row: unknown = await resolve(reference, context, info);
    return (await guard(row, context)) ? row : null;
  };
}

function ownerOf(type: GraphQLObjectType, map: AccessMap): (row: never) => RowOwner {
  const owner = map.owners[type.name];
  if (!owner) throw new Error(`Nobody says whose a ${type.name} is, and it has @access rules.`);
  return owner;
}

function rulesOf(element: Field | GraphQLObjectType): AccessRule[] {
  return directivesOf(element)
    .filter(({ name }) => name.value === 'access')
    .map(({ arguments: given }) => {
      const value = Object.fromEntries(
        (given ?? []).map((argument) => [
          argument.name.value,
          valueFromASTUntyped(argument.value) as unknown,
        ]),
      ) as Partial<AccessRule>;
      return { to: value.to!, scope: value.scope ?? null, consent: value.consent ?? null };
    });
}

/** A type's directives may stand on its definition or on an extension of it. */
function directivesOf(element: Field | GraphQLObjectType): readonly ConstDirectiveNode[] {
  const extensions = 'extensionASTNodes' in element ? element.extensionASTNodes : [];
  return [element.astNode, ...extensions].flatMap((node) => node?.directives ?? []);
}
