/** What the rows of a statement meet: conditions that all hold, and the values of their parameters. */
export class Where {
  readonly values: unknown[] = [];
  readonly #conditions: string[] = [];

  /** @param condition names its values by `?`, in their order */
  and(condition: string, ...values: unknown[]): this {
    let place = 0;
    this.#conditions.push(condition.replaceAll('?', () => this.parameter(values[place++])));
    return this;
  }

  /** Takes a value that stands behind the conditions. @returns its parameter */
  parameter(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  get text(): string {
    return this.#conditions.length === 0 ? '' : `WHERE (${this.#conditions.join(') AND (')})`;
  }
}
