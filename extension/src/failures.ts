/**
 * What went wrong, as an error of the protocol tells it.
 */

/** The text has changed (docs/lsp-extensions.md). */
const CONTENT_MODIFIED = -32801;

export function isStale(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === CONTENT_MODIFIED;
}

/** The words for a person, with who speaks, and with the remedy where there is one. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const hint = hintOf(error);
  // The server says who speaks, because other editors show its words as they are.
  const spoken = text.startsWith('ORPS: ') ? text : `ORPS: ${text}`;
  return hint === undefined || spoken.includes(hint) ? spoken : `${spoken} ${hint}`;
}

function hintOf(error: unknown): string | undefined {
  const data = error instanceof Error && 'data' in error ? error.data : undefined;
  const hint = typeof data === 'object' && data !== null && 'hint' in data ? data.hint : undefined;
  return typeof hint === 'string' ? hint : undefined;
}
