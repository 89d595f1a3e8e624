/**
 * From raw setting values to what is started and what is sent; no editor needed.
 */

/** Reads `orps.server.path`: a list, or a bare program, because people write both. */
export function serverCommandLine(value: unknown): readonly string[] {
  const parts: readonly unknown[] =
    typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  return parts.filter((part): part is string => typeof part === 'string' && part !== '');
}

/** What an editor knows about one setting, `inspect` in VS Code's words. */
export interface Inspected {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/**
 * The settings that somebody has written down, by dotted name.
 *
 * Defaults stay out: the server has its own, and a default that we send would
 * override what the project's `pyproject.toml` says.
 */
export function writtenSettings(
  names: readonly string[],
  inspect: (name: string) => Inspected | undefined,
  get: (name: string) => unknown,
): Record<string, unknown> {
  const written = names.filter((name) => isWritten(inspect(name)));
  return Object.fromEntries(written.map((name) => [name, get(name)]));
}

/** Adds the interpreter that the editor selected, unless the person named one. */
export function withInterpreter(
  settings: Record<string, unknown>,
  interpreter: string | undefined,
): Record<string, unknown> {
  return interpreter === undefined || settings['interpreter']
    ? settings
    : { ...settings, interpreter };
}

function isWritten(inspected: Inspected | undefined): boolean {
  return (
    inspected?.globalValue !== undefined ||
    inspected?.workspaceValue !== undefined ||
    inspected?.workspaceFolderValue !== undefined
  );
}
