/**
 * The section `orps` of the editor's settings.
 *
 * One setting is ours, which server to start; the others belong to the server and
 * pass through unread.
 */
import { workspace, type Uri } from 'vscode';

import { serverCommandLine, writtenSettings } from './settingValues';

export const SECTION = 'orps';

/** The settings that decide which server runs; a change restarts it. */
export const SERVER_SECTION = 'orps.server';

/** The program and its arguments to start; empty: search PATH. */
export function configuredServer(): readonly string[] {
  return serverCommandLine(workspace.getConfiguration(SECTION).get('server.path'));
}

/**
 * What the server is told for files below `resource`.
 *
 * @param names the names of all contributed settings, each with its section
 */
export function serverSettings(
  names: readonly string[],
  resource: Uri | undefined,
): Record<string, unknown> {
  const section = workspace.getConfiguration(SECTION, resource);
  const local = names
    .filter((name) => !name.startsWith(SERVER_SECTION))
    .map((name) => name.slice(SECTION.length + 1));
  return writtenSettings(
    local,
    (name) => section.inspect(name),
    (name) => section.get(name),
  );
}
