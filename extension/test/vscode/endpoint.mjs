/**
 * A model endpoint on loopback that plays back replies.
 */
import { spawn } from 'node:child_process';
import * as path from 'node:path';
import * as readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** `API_KEY` of tests/support/replay_endpoint.py. */
const KEY = 'replay-key';

/**
 * @param replies a file in replies/
 * @param wantsKey whether requests without the key are refused
 */
export async function playBack(root, python, { replies, wantsKey = false }) {
  const args = ['-m', 'support.replay_endpoint', '--replies', path.join(HERE, 'replies', replies)];
  const models = ['--model', 'replay', '--model', 'another'];
  const server = spawn(python, [...args, ...models, ...(wantsKey ? ['--require-key'] : [])], {
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
