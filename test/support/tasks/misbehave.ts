/** Tasks that a killable child must survive being given. */
export function spin(): void {
  for (;;) {
    Math.random();
  }
}

export function hoard(): number {
  const held: Buffer[] = [];
  for (;;) {
    held.push(Buffer.alloc(16 * 1024 * 1024, 1));
  }
}

export function crash(): void {
  process.abort();
}

export function refuse(): void {
  throw new TypeError('no');
}

export function echo(input: unknown): unknown {
  return input;
}
