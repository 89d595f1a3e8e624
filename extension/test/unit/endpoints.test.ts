import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';

import { listModels, whyNotAnEndpoint } from '../../src/endpoints';

const closing: (() => void)[] = [];

afterEach(() => {
  closing.splice(0).forEach((close) => close());
});

/** A real endpoint that answers every request alike and remembers the keys. */
async function endpoint(status: number, body: unknown) {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers.authorization);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1/`, keys };
}

test('lists the models in order, and shows the key', async () => {
  const { url, keys } = await endpoint(200, { data: [{ id: 'b' }, { id: 'a' }, {}] });
  expect(await listModels(url, 'secret')).toEqual(['a', 'b']);
  expect(keys).toEqual(['Bearer secret']);
});

test.each([
  [401, {}, /refuses the key/],
  [500, {}, /status 500/],
  [200, { data: [] }, /lists no model/],
  [200, 'what?', /lists no model/],
])('tells what is wrong with %i %j', async (status, body, message) => {
  const { url } = await endpoint(status, body);
  await expect(listModels(url, undefined)).rejects.toThrow(message);
});

test('tells that nobody answers', async () => {
  await expect(listModels('http://127.0.0.1:1/v1', undefined)).rejects.toThrow(/no answer/);
});

test('an address is one of the web', () => {
  expect(whyNotAnEndpoint('https://api.example.org/v1')).toBeUndefined();
  expect(whyNotAnEndpoint('localhost:11434')).toMatch(/begin with/);
  expect(whyNotAnEndpoint('nonsense')).toMatch(/not an address/);
});
