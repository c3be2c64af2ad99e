import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { UserErrorCode } from './contract.generated.ts';

/** Figures that explain a refusal; the contract's ErrorDetails. */
export interface RefusalDetails {
  available?: bigint;
  required?: bigint;
  /** An exact decimal. */
  limit?: string;
  retryAt?: Date;
  subject?: string;
}

/**
 * What the rules refuse. It is thrown, so that an open transaction rolls back, and `orUserErrors`
 * hands it to the client as data. Anything else that is thrown is a fault: logged, and masked.
 */
export class Refusal extends Error {
  readonly code: UserErrorCode;
  /** Path to the input field at fault. Not `path`: graphql-js would take it for one in the answer. */
  readonly inputPath: string[];
  readonly details: RefusalDetails;

  constructor(
    code: UserErrorCode,
    message: string,
    inputPath: string[] = [],
    details: RefusalDetails = {},
  ) {
    super(message);
    this.code = code;
    this.inputPath = inputPath;
    this.details = details;
  }
}

/** A refusal as the contract's UserError: a plain object, since graphql-js throws a returned Error. */
export interface UserErrorRow {
  code: UserErrorCode;
  message: string;
  path: string[];
  details: RefusalDetails | null;
}

export type Payload<Name extends string, Result> = {
  [key in Name]: Result | null;
} & { userErrors: UserErrorRow[] };

/** Runs an operation and answers with its payload: the result under `name`, or what was refused. */
export async function orUserErrors<Name extends string, Result>(
  name: Name,
  operation: () => Promise<Result>,
): Promise<Payload<Name, Result>> {
  const { [name]: result, userErrors } = await fieldsOrUserErrors(async () => ({
    [name]: await operation(),
  }));
  return { [name]: result ?? null, userErrors } as Payload<Name, Result>;
}

/** The same for a payload of several fields; all of them are null where the rules refuse. */
export async function fieldsOrUserErrors<Fields extends object>(
  operation: () => Promise<Fields>,
): Promise<Partial<Fields> & { userErrors: UserErrorRow[] }> {
  try {
    return { ...(await operation()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, inputPath: path, details } = error;
    const figures = Object.keys(details).length > 0 ? details : null;
    return { userErrors: [{ code, message, path, details: figures }] } as never;
  }
}

/** Gives a refusal back instead of throwing it: in a batch, that of one row must not end the others. */
export function orRefusal<Result>(work: () => Result): Result | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The codes of GraphQL errors that a client may see; every other error is masked. */
export const clientErrorCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'DOCUMENT_NOT_FOUND',
  'DOCUMENT_NOT_TRUSTED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'RATE_LIMITED',
  'QUERY_TOO_EXPENSIVE',
  'SUBGRAPH_UNAVAILABLE',
]);

/** The code of an error that is masked. */
export const maskedCode = 'INTERNAL_SERVER_ERROR';

/**
 * What leaves a process of an error: the message, place and code of those that are for clients.
 * Every other one is masked, and nothing else (a stack, a name, a URL) is kept of any.
 */
export function presentError(error: GraphQLFormattedError): GraphQLFormattedError {
  const { locations, path } = error;
  const code = error.extensions?.['code'];
  const isForClient = clientErrorCodes.has(code);
  return {
    message: isForClient ? shortened(error.message) : 'Something went wrong.',
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code: isForClient ? code : maskedCode },
  };
}

/** What a message quotes of a request may be as long as the request, and stand in many messages. */
const messageLetters = 500;

function shortened(message: string): string {
  return message.length > messageLetters ? `${message.slice(0, messageLetters - 1)}…` : message;
}

/** What a client reads where a part is away: the gateway and a part without its database say the same. */
export const noAnswer = 'This part of the system does not answer.';

/** For what there is no room to do now: nothing was done, and the same may be sent again. */
export function busy(): GraphQLError {
  return new GraphQLError(
    'This part of the system is busy, and did nothing: ask again in a second.',
    {
      extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
    },
  );
}

/** Ends a stream whose process is told to stop. */
export function goneAway(): GraphQLError {
  return new GraphQLError('This part of the system is going away: subscribe again.', {
    extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
  });
}

/** Ends a stream whose reader does not keep up: what waits for it is dropped. */
export function tooSlow(): GraphQLError {
  return new GraphQLError('Events came faster than they were read: subscribe again.', {
    extensions: { code: 'RATE_LIMITED' },
  });
}

export function unauthenticated(): GraphQLError {
  return new GraphQLError('This needs a token.', { extensions: { code: 'UNAUTHENTICATED' } });
}

export function forbidden(): GraphQLError {
  return new GraphQLError('This token does not allow it.', { extensions: { code: 'FORBIDDEN' } });
}

/** What ends a request over HTTP: the answer's status, and headers that go with it. */
export function httpRefusal(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): GraphQLError {
  const http = { status, headers: new Map(Object.entries(headers)) };
  return new GraphQLError(message, { extensions: { code, http } });
}

/** For arguments of a query, which has no payload to carry a refusal. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
