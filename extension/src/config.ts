/**
 * The section `orps` of the editor's settings.
 *
 * A few settings are ours; the others belong to the server and pass through unread.
 */
import { workspace, type Uri } from 'vscode';

import { serverCommandLine, writtenSettings } from './settingValues';

export const SECTION = 'orps';

/** The settings that decide which server runs; a change restarts it. */
export const SERVER_SECTION = 'orps.server';

/** What only the extension reads. */
const OWN_SECTIONS = [SERVER_SECTION, 'orps.inlineDiff'];

/** The program and its arguments to start; empty: search PATH. */
export function configuredServer(): readonly string[] {
  return serverCommandLine(workspace.getConfiguration(SECTION).get('server.path'));
}

/** Whether the best candidate is shown without being asked for. */
export function opensDiffs(): boolean {
  return workspace.getConfiguration(SECTION).get('inlineDiff.openAutomatically', true);
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
    .filter((name) => !OWN_SECTIONS.some((own) => name.startsWith(own)))
    .map((name) => name.slice(SECTION.length + 1));
  return writtenSettings(
    local,
    (name) => section.inspect(name),
    (name) => section.get(name),
  );
}
