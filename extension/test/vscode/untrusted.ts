/**
 * In a workspace that nobody trusts: nothing of ours runs.
 */
import * as assert from 'node:assert/strict';
import { commands, window, workspace, Uri } from 'vscode';

import manifest from '../../../package.json';
import { runChecks } from './check';

export const run = () =>
  runChecks({
    'the workspace is not trusted': async () => {
      assert.equal(workspace.isTrusted, false);
      await Promise.resolve();
    },
    'opening a Python file registers no command of ours': async () => {
      const [folder] = workspace.workspaceFolders ?? [];
      assert.ok(folder);
      await window.showTextDocument(Uri.joinPath(folder.uri, 'statistics_kit.py'));
      const present = new Set(await commands.getCommands());
      const ours = manifest.contributes.commands.map(({ command }) => command);
      assert.deepEqual(
        ours.filter((id) => present.has(id)),
        [],
      );
    },
  });
