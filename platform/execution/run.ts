import { GraphQLError, type GraphQLResolveInfo, locatedError } from 'graphql';

/** Values of the answer by name, or of a list by their places. */
export type Holder = Record<string | number, unknown>;

/** Coerced, as graphql-js gives them. */
export type Variables = Record<string, unknown>;

/** One place of an answer; a resolver is told of it as `info.path`. */
export class Place {
  readonly prev: Place | undefined;
  readonly key: string | number;
  /** The type whose field it is; none where it is a list's. */
  readonly typename: string | undefined;
  readonly #holder: Holder;
  readonly #mayBeNull: boolean;
  #isLost = false;

  constructor(
    prev: Place | undefined,
    holder: Holder,
    key: string | number,
    typename: string | undefined,
    mayBeNull: boolean,
  ) {
    this.prev = prev;
    this.#holder = holder;
    this.key = key;
    this.typename = typename;
    this.#mayBeNull = mayBeNull;
  }

  write(value: unknown): void {
    this.#holder[this.key] = value;
  }

  /** Leaves null at the nearest place that may be null. @returns false where there is none */
  lose(): boolean {
    if (!this.#mayBeNull) return this.prev?.lose() ?? false;
    this.write(null);
    this.#isLost = true;
    return true;
  }

  /** Whether null stands here or above for something that failed. */
  get isLost(): boolean {
    return this.#isLost || (this.prev?.isLost ?? false);
  }

  get path(): (string | number)[] {
    const path = this.prev?.path ?? [];
    path.push(this.key);
    return path;
  }
}

/** Goes on with a value that is there. What it throws is the failure of the place. */
export type Take = (run: Run, value: unknown, place: Place) => void;

/** What a resolver is told besides its place: the same in every run but for the variables. */
export type Told = Omit<GraphQLResolveInfo, 'path' | 'variableValues' | 'rootValue'>;

/** One run of an operation: what it answers so far, and what it waits for. */
export class Run {
  data: Holder | null;
  readonly errors: GraphQLError[] = [];
  readonly context: unknown;
  readonly variables: Variables;
  #waiting = 0;
  #whenIdle: (() => void) | undefined;

  constructor(data: Holder, context: unknown, variables: Variables) {
    this.data = data;
    this.context = context;
    this.variables = variables;
  }

  /** Goes on with a value now, or when it comes: not where the answer has null by then. */
  settle(place: Place, value: unknown, take: Take): void {
    if (!isPromise(value)) {
      this.#attempt(place, value, take);
      return;
    }
    this.#waiting++;
    value.then(
      (settled) => {
        if (this.isLost(place)) hear(settled);
        else this.#attempt(place, settled, take);
        this.#release();
      },
      (error: unknown) => {
        this.fail(place, error);
        this.#release();
      },
    );
  }

  /** Leaves null, and says why unless null stands there already. */
  fail(place: Place, error: unknown): void {
    if (this.isLost(place)) return;
    this.errors.push(locatedError(error, undefined, place.path));
    if (!place.lose()) this.data = null;
  }

  /** Whether there is nothing left to answer at a place; the root's is undefined. */
  isLost(place: Place | undefined): boolean {
    return this.data === null || (place?.isLost ?? false);
  }

  /** Resolves when nothing is waited for any more. */
  idle(): Promise<void> | undefined {
    if (this.#waiting === 0) return undefined;
    return new Promise((resolve) => (this.#whenIdle = resolve));
  }

  tell(told: Told, place: Place): GraphQLResolveInfo {
    // One by one: a spread takes as long as all the rest of a field.
    return {
      fieldName: told.fieldName,
      fieldNodes: told.fieldNodes,
      returnType: told.returnType,
      parentType: told.parentType,
      schema: told.schema,
      fragments: told.fragments,
      operation: told.operation,
      path: place,
      variableValues: this.variables,
      rootValue: undefined,
    };
  }

  #attempt(place: Place, value: unknown, take: Take): void {
    try {
      take(this, value, place);
    } catch (error) {
      this.fail(place, error);
    }
  }

  #release(): void {
    if (--this.#waiting === 0) this.#whenIdle?.();
  }
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/** Hears what rejects in a list, though nobody wants to know any more: unheard, it would end the process. */
export function hear(value: unknown): void {
  if (isPromise(value)) value.then(hear, () => undefined);
  else if (Array.isArray(value)) value.forEach(hear);
}
