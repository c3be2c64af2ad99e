type Heard = [text: string, values: unknown[]];

/** The statements that a spy on pg's clients has heard; one that is prepared has its text inside. */
export function statementsHeard({ mock }: { mock: { calls: unknown[][] } }): Heard[] {
  return mock.calls.map(([asked, values]) => {
    if (typeof asked === 'string') return [asked, values as unknown[]];
    const statement = asked as { text: string; values: unknown[] };
    return [statement.text, statement.values];
  });
}
