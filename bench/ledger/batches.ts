/** Gathers calls that arrive together: stands in until platform/batches.ts is there. */
export function gather<Item, Result>(
  run: (items: Item[]) => Promise<(Result | Error)[]>,
  {
    sizeMax,
    writersMax,
    waitingMax,
  }: { sizeMax: number; writersMax: number; waitingMax: number; waitMs: number },
): { add(item: Item, key: string): Promise<Result> } {
  const waiting: { item: Item; resolve: (r: Result) => void; reject: (e: unknown) => void }[] = [];
  let writers = 0;
  let writing = 0;
  const write = async () => {
    while (waiting.length > 0) {
      const share = Math.min(sizeMax, Math.ceil(waiting.length / (writersMax - writing)));
      const batch = waiting.splice(0, share);
      writing++;
      try {
        const answers = await run(batch.map(({ item }) => item));
        for (const [index, { resolve, reject }] of batch.entries()) {
          const answer = answers[index]!;
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      writing--;
    }
    writers--;
  };
  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= waitingMax) throw new Error('Too many calls wait.');
        waiting.push({ item, resolve, reject });
        if (writers === writersMax) return;
        writers++;
        setImmediate(() => void write());
      }),
  };
}
