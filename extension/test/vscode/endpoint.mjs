/**
 * A model endpoint on loopback that plays back replies; it wants a key.
 */
import { spawn } from 'node:child_process';
import * as path from 'node:path';
import * as readline from 'node:readline';

const REPLIES = 'extension/test/vscode/replies.jsonl';
/** `API_KEY` of tests/support/replay_endpoint.py. */
const KEY = 'replay-key';

export async function playBack(root, python) {
  const args = ['-m', 'support.replay_endpoint', '--replies', path.join(root, REPLIES)];
  const models = ['--model', 'replay', '--model', 'another'];
  const server = spawn(python, [...args, ...models, '--require-key'], {
    cwd: path.join(root, 'tests'),
    // It ends when its input does, so it never outlives us.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = await new Promise((resolve, reject) => {
    const lines = readline.createInterface({ input: server.stdout });
    lines.once('line', (line) => resolve([line]));
    server.once('exit', (code) => reject(new Error(`The endpoint ended with ${code}.`)));
  });
  return { url, key: KEY, stop: () => server.stdin.end() };
}
