/** What waits, by whose it is: everyone's in its order, and everyone in turn. */
export class FairQueue<Entry> {
  /** By key, the next whose turn it is first. */
  private readonly lines = new Map<string, Entry[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  push(key: string, entry: Entry): void {
    const line = this.lines.get(key);
    if (line) line.push(entry);
    else this.lines.set(key, [entry]);
    this.count++;
  }

  /** Takes the one of this key that has waited longest. */
  shift(key: string): Entry {
    return this.out(key, (line) => line.shift()!);
  }

  /** Takes so many, one of each key in turn: those of a key side by side and in their order. */
  take(max: number): Entry[] {
    const taken = new Map<string, Entry[]>();
    let size = 0;
    // A key that is set again while all are walked through comes once more, behind the others.
    for (const [key, line] of this.lines) {
      if (size === max) break;
      this.lines.delete(key);
      const entry = line.shift()!;
      const own = taken.get(key);
      if (own) own.push(entry);
      else taken.set(key, [entry]);
      if (line.length > 0) this.lines.set(key, line);
      size++;
    }
    this.count -= size;
    return [...taken.values()].flat();
  }

  /** Takes the last of whoever has most that waits: of this key, where nobody has more. */
  popLongest(key: string): Entry {
    let longest = key;
    for (const other of this.lines.keys()) {
      if (this.lengthOf(other) > this.lengthOf(longest)) longest = other;
    }
    return this.out(longest, (line) => line.pop()!);
  }

  private lengthOf(key: string): number {
    return this.lines.get(key)?.length ?? 0;
  }

  private out(key: string, take: (line: Entry[]) => Entry): Entry {
    const line = this.lines.get(key)!;
    const entry = take(line);
    if (line.length === 0) this.lines.delete(key);
    this.count--;
    return entry;
  }
}
