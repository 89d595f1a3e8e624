/**
 * How a body that takes the place of a stub's line can be ghost text; no editor needed.
 *
 * VS Code shows as ghost text only what is added, so `...` cannot be replaced by it. The
 * body is added below the stub's line instead, and what it replaces goes once it was
 * accepted.
 */

/** A replacement within one line, as the server offers it. */
export interface Offer {
  readonly line: string;
  /** Of what is replaced, in the line. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Ghost {
  /** Added at the end of the line. */
  readonly insertText: string;
  /** What goes afterwards: from this column to the end of the line, or all of the line. */
  readonly removesFrom: number | 'line';
}

/**
 * `undefined` when the offer can be shown as it is, or not at all.
 *
 * @param indent one step of indentation
 */
export function ghostOf(
  { line, start, end, text }: Offer,
  cursor: number,
  indent: string,
): Ghost | undefined {
  const replaced = line.slice(start, end);
  if (replaced === '' || text.startsWith(replaced) || cursor !== line.length || end !== cursor) {
    return undefined;
  }
  const before = line.slice(0, start);
  const [margin = ''] = /^\s*/.exec(line) ?? [];
  return before.trim() === ''
    ? { insertText: `\n${before}${text}`, removesFrom: 'line' }
    : // Behind the header's colon, where nothing of two lines could stand.
      {
        insertText: `\n${margin}${indent}${text.trimStart()}`,
        removesFrom: before.trimEnd().length,
      };
}
