/**
 * In a workspace that nobody trusts: nothing of ours runs.
 */
import * as assert from 'node:assert/strict';
import { commands, window, workspace, Uri } from 'vscode';

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
      const ours = (await commands.getCommands()).filter((id) => id.startsWith('orps.'));
      assert.deepEqual(ours, []);
    },
  });
