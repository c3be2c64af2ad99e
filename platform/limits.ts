/** Every bound that the ground sets, in the unit that its name ends with. Rules have their own. */
export const limits = Object.freeze({
  requestBodyBytes: 100_000,
  /** Partners send activities by the hundred. */
  partnerBodyBytes: 1_000_000,
  /** A request's headers have all arrived. */
  requestHeadMs: 9_000,
  /** A request's bytes have all arrived; no less than the above. */
  requestArrivalMs: 9_000,
  /** Connections that have not been taken yet: a client that finds no place tries again after a second, and after three. */
  connectionsWaiting: 4_096,
  /** A connection on which nothing moves. */
  connectionIdleMs: 10_000,
  /** What the gateway sends to a subgraph: a page of rows asks for many entities at once. */
  hopBodyBytes: 2_000_000,
  hopAgeMs: 30_000,
  subgraphAnswerBytes: 10_000_000,
  /** Of operations that are kept planned and compiled. */
  preparedBytes: 100_000_000,
  /** Of operations that a subgraph keeps compiled. */
  compiledBytes: 30_000_000,
  /** Planning one operation, and operations that wait for it. */
  planMs: 2_000,
  plansWaiting: 500,
  /** From the gateway to each subgraph. */
  subgraphConnections: 100,
  /** Besides them, those on which reads go together; how long one takes more of them, before it is replaced. */
  hopChannels: 2,
  hopChannelMs: 60_000,
  /** Before one is asked for again where there was none. */
  hopChannelPauseMs: 5_000,
  /** What hops that go together ask in all; one that asks more goes alone. */
  hopBatchCharacters: 200_000,
  /** Calls of a subgraph in the window, of which half have failed, after which it is not asked for so long. */
  breakerCalls: 10,
  breakerWindowMs: 5_000,
  breakerOpenMs: 5_000,
  /** Reads that are sent to a subgraph once more: so many at once, and a tenth of its calls. */
  retriesMax: 10,

  /** Of public answers that are kept in memory, and of one. */
  answerCacheBytes: 50_000_000,
  keptAnswerCharacters: 200_000,
  /** A manifest of documents that frontends were built with. */
  manifestBytes: 10_000_000,
  manifestDocuments: 2_000,
  /** Operations that are prepared before anybody asks for them. */
  warmedOperations: 500,
  /** Between two looks whether a file has changed. */
  fileWatchMs: 2_000,
  supergraphBytes: 10_000_000,
  /** Loading another supergraph beside the one that is served. */
  supergraphLoadMs: 30_000,
  /** Preparing operations on a new supergraph, before it is served. */
  reloadWarmingMs: 30_000,

  /** Lexical tokens of a GraphQL document. */
  documentTokens: 2_000,
  /** Of a field, an alias or any other name: an answer repeats it in each row. */
  nameLetters: 200,
  /** What a document has as it is written, before it is checked. */
  documentAliases: 50,
  documentDirectives: 50,
  documentFragments: 100,
  /** Uses of fragments, with and without names. */
  documentSpreads: 200,
  fieldDirectives: 5,
  /** Fields of one name or alias that have fields below them, wherever they stand. */
  sameFields: 100,
  /** Mutations of one request. */
  mutationFields: 10,
  /** Fields in each other. */
  documentDepth: 10,
  introspectionDepth: 15,
  /** Fields of an answer about the schema: what tools ask for comes to half of it. */
  introspectionFields: 2_000_000,
  /** Fields of an operation, counted in each use of a fragment. */
  documentFields: 500,
  /** Fields of the longest answer that an operation can have, by the pages that it asks for. */
  answerFields: 50_000,
  pageSizeMax: 100,
  /** The longest list that any input may hold; most hold fewer. */
  inputListItems: 500,
  /** Variables in each other. */
  inputDepth: 20,

  /** By client. */
  partnerRequestsPerMinute: 6_000,
  /** By member, and by administrator. */
  memberRequestsPerMinute: 1_200,
  /** By network address, as are the next two. */
  anonymousRequestsPerMinute: 600,
  anonymousMutationsPerMinute: 60,
  tokenRefusalsPerMinute: 30,
  /** A question to Redis, which each gateway can do without. */
  redisMs: 200,

  tokenAgeMs: 3_600_000,
  /** Tokens that are not checked again, the same ones. */
  tokensKept: 10_000,
  /** How far an issuer's clock may be off. */
  clockSkewMs: 5_000,
  /** Reading an issuer's keys. */
  issuerMs: 2_000,
  /** How long its keys are kept. */
  issuerKeysAgeMs: 600_000,
  /** Between two looks for a key that is not among them. */
  issuerPauseMs: 30_000,
  /** A request to the identity part, seen from the gateway. */
  identityMs: 5_000,

  /** A whole operation, seen from the gateway. */
  operationMs: 3_000,
  /** One call of a subgraph. */
  subgraphCallMs: 2_000,
  /** Closing a month, instead of both, and each of its statements. */
  settlementMs: 30_000,
  /** Adding up what a month that is not closed comes to by now. */
  settlementPreviewMs: 1_800,
  statementMs: 1_000,
  lockMs: 500,
  poolWaitMs: 1_000,
  poolConnections: 10,
  /** Reads that go together, on one connection; groups of them at once, and from one's beginning to the next one's. */
  groupedReads: 50,
  readGroups: 4,
  readGroupMs: 3,
  /** That the server keeps for a connection. */
  preparedStatements: 200,
  idleInTransactionMs: 5_000,
  /** Starts of the embedded server in a row, with pauses, before it is given up: about a minute. */
  databaseTries: 15,

  /** Of one gateway: subscriptions and sockets at once, each; and of one principal. */
  streams: 2_000,
  principalStreams: 20,
  /** What gateways that count together know of a stream of one that has not ended well. */
  streamLeaseMs: 60_000,
  /** A socket has said who it is. */
  socketInitMs: 3_000,
  /** What waits to go out on a socket. */
  socketBytes: 1_000_000,
  /** On a stream without events, from one sign of life to the next: shorter than `connectionIdleMs`. */
  streamBeatMs: 4_000,
  /** A reader of a stream that takes nothing of what waits for it. */
  streamStallMs: 10_000,
  /** From one look for what happened, for all who follow it, to the next. */
  watchMs: 500,
  /** Events that wait for one who follows them and does not keep up. */
  watchRows: 1_000,
  /** What one look reads of what happened, for all; the rest is for the next. */
  watchedRows: 10_000,

  /** Commands that go together in one transaction. */
  batchItems: 500,
  /** Batches of one rule at once: more would wait for one another. */
  batchWriters: 2,
  /** Commands that wait for a batch, of one rule. */
  batchWaiting: 2_000,
  batchWaitMs: 1_000,
  /** Instead of `lockMs` where parts of a batch that failed are tried: all of it has waited already. */
  batchPartLockMs: 50,

  /** Rows of a file that is posted to the ledger at once. */
  stagedRows: 5_000_000,
  /** Taking it in, however fast it comes. */
  stagingMs: 600_000,
  /** Of its rows, those that one transaction posts: others wait that long for their members. */
  stagedBatchRows: 2_000,
  /** Such a transaction, with what it waits for. */
  stagedBatchMs: 30_000,
  /** Transactions of one file at once. */
  stagedWriters: 2,

  /** Each statement by which a membership becomes part of another, of many years at the most. */
  mergeStatementMs: 30_000,

  /** Members of a household, invited ones included. */
  householdMembers: 7,
  /** Of a business account: a redemption may have to lock as many accounts. */
  businessMembers: 50,

  /** Each step of talking to a mail server. */
  mailStepMs: 5_000,
  /** From one process to the mail server; on each so many mails, and no longer idle than that. */
  mailConnections: 5,
  mailsPerConnection: 100,
  mailIdleMs: 2_000,
  /** Of one process. */
  mailsPerSecond: 50,
  drainMs: 10_000,

  /** Finding the address of a host that a partner names. */
  lookupMs: 1_000,
  /** Webhooks of one partner. */
  partnerWebhooks: 10,
  /** Reaching a webhook's receiver, and all of a call of it. */
  webhookConnectMs: 5_000,
  webhookMs: 15_000,
  /** How much of a receiver's answer is read: nothing in it counts. */
  webhookAnswerBytes: 16_384,
  /** Deliveries to one receiver at once, each of another member. */
  webhookAtOnce: 10,
  /** Of each of these, deliveries that go one after the other before what came of them is kept. */
  webhookInTurn: 50,
  /** How long a receiver is called before that: a call that has begun comes on top. */
  webhookRoundMs: 3_000,
  /** Receivers that one worker calls at once. */
  webhookReceivers: 20,
  /** How long a run of the worker looks for what happens, and the pause between two looks. */
  webhookWatchMs: 40_000,
  webhookPauseMs: 1_000,
  /** How long a receiver is left to the worker that has taken it. */
  webhookLeaseMs: 60_000,

  /** Of a file that a partner sends: what goes on to the subgraph at once. */
  uploadPieceBytes: 1_000_000,
  /** All of a file has arrived; on its way it may not stand still for `connectionIdleMs`. */
  uploadMs: 1_800_000,
  /** Files of one partner that are not imported yet, and imports that have not ended. */
  partnerUploads: 20,
  partnerImports: 10,
  /** Rejected rows that go on to the gateway at once. */
  rejectionsAtOnce: 2_000,
  /** The heap of the process that imports: of what lasts, and of what is new, which V8 has thrice. */
  importHeapMb: 96,
  importYoungHeapMb: 4,
  /** Its connections, and a statement of theirs: no client waits for it. */
  importConnections: 2,
  importStatementMs: 30_000,
  /** How long a worker stays with one import while others wait. */
  importSliceMs: 5_000,
  /** How long a run of the worker looks for imports, and the pause between two looks. */
  importWatchMs: 55_000,
  importPauseMs: 1_000,

  /** Between two looks of the worker for what is due, and for jobs that wait. */
  jobPauseMs: 30_000,
  /** Of a worker: for steps of `statementMs`, and for those that take longer. Its queue has two more. */
  jobConnections: 4,
  longJobConnections: 2,
  /** One run of a job; its statements have `statementMs` each. */
  jobMs: 60_000,
  /** Runs after the first that failed, and the pause before the first of them, which then doubles. */
  jobRetriesMax: 3,
  jobRetryMs: 60_000,
  /** Rows that one run clears. */
  jobRowsMax: 5_000,
  /** Accounts that one statement of a job settles, and movements that one rolls up: some of them. */
  jobAccountsMax: 100,
  jobMovementsMax: 20_000,
  /** Activities that are counted by month at once, or a few more, and changes of them. */
  jobCountedMax: 250_000,
  /** Events that one statement tells members of, and members whom it looks at for the calendar. */
  jobNoticesMax: 500,
  /** From one round in which all members are placed in segments to the next. */
  segmentRoundMs: 3_600_000,
  /** Movements that one seal covers, some of them, and how long making it may take. */
  sealMovementsMax: 250_000,
  jobSealMs: 30_000,
  /** What one part forgets of one member: of many years, at the most. */
  jobErasureMs: 30_000,
  /** Reading what one part knows of one member. */
  jobExportMs: 30_000,
  /** Of an export, records that are read at once, and bytes that are written. */
  exportRecords: 500,
  exportPieceBytes: 200_000,
  /** Listing what a replay goes through, and each statement of a part of it. */
  jobReplayMs: 30_000,
  /** Activities of a part of a replay, which is a transaction, and those that are read at once. */
  replayActivities: 5_000,
  replayRows: 1_000,
  /** How often in a row a replay may fail. */
  replayFaultsMax: 3,
  /** Mails that the worker has under way at once: what it loses of them where it ends. */
  jobMailsMax: 5,
  /** Between two rounds of the queue's own upkeep: jobs out of time, and old ones. */
  jobUpkeepMs: 600_000,

  /** Parts of traces that wait to be sent, and those that go together, after so long at the most. */
  spansWaiting: 2_048,
  spansTogether: 512,
  spansWaitMs: 5_000,
  /** Sending them, with all tries; and the last of them as a process ends. */
  spansSendMs: 3_000,
  /** A text in one of them. */
  spanTextLength: 2_000,
  /** Statements of one hop, and of one run of a job, that a trace shows. */
  tracedStatements: 200,

  /** Log lines that are written together, and how long one may wait for others. */
  logTogetherBytes: 16_000,
  logMs: 100,
  /** Of them, where nobody takes them: what is more is lost. */
  logBytes: 10_000_000,
});

export type Limits = Readonly<Record<keyof typeof limits, number>>;
