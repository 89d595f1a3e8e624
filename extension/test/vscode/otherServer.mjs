#!/usr/bin/env node
/**
 * A language server that is none of ours: it answers `initialize`, and knows no ORPS.
 */
let received = '';
process.stdin.on('data', (chunk) => {
  received += chunk;
  const [, head, body] = /^(.*?)\r\n\r\n(.*)$/s.exec(received) ?? [];
  const length = Number(/Content-Length: (\d+)/.exec(head ?? '')?.[1] ?? NaN);
  // Whatever follows the first message stays unanswered.
  if (body !== undefined && body.length === length) {
    const result = { capabilities: {}, serverInfo: { name: 'other', version: '7.0.0' } };
    const answer = JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result });
    process.stdout.write(`Content-Length: ${answer.length}\r\n\r\n${answer}`);
  }
});
process.stdin.on('end', () => process.exit());
