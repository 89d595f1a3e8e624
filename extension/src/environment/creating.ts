/**
 * "Create Server Environment": asked for by a person, shown while it runs.
 */
import { l10n, ProgressLocation, window } from 'vscode';

import type { OrpsClient } from '../client';
import { Command, type Action } from '../commands';
import { thisMachine } from '../serverPath';
import type { PrivateServer } from './privateServer';

export function environmentActions(
  client: OrpsClient,
  server: PrivateServer,
): Record<string, Action> {
  return {
    [Command.createEnvironment]: async () => {
      // It may be the one that runs out of the environment that is made anew.
      await client.stop();
      try {
        await withProgress(client, server);
      } finally {
        await client.restart();
      }
    },
  };
}

async function withProgress(client: OrpsClient, server: PrivateServer): Promise<void> {
  await window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t('ORPS: creating the server environment'),
      cancellable: true,
    },
    async (progress, token) => {
      const stopped = new AbortController();
      token.onCancellationRequested(() => stopped.abort());
      try {
        await server.create(thisMachine(process.env), {
          announce: (message) => progress.report({ message }),
          tell: (line) => client.log.info(line),
          signal: stopped.signal,
        });
      } catch (error) {
        // Who stopped it knows that it was stopped.
        if (!stopped.signal.aborted) {
          throw error;
        }
      }
    },
  );
}
