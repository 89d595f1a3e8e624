/**
 * What waking up costs the extension host, which every other extension shares.
 */
import * as assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { extensions } from 'vscode';

import manifest from '../../../package.json';
import { runChecks } from './check';

/** The promise is for a quiet machine; continuous integration is not one. */
const PROMISED_MS = 100;
const NOISE = 5;

export const run = () =>
  runChecks({
    'wakes up quickly': async () => {
      const extension = extensions.getExtension(`${manifest.publisher}.${manifest.name}`);
      assert.equal(extension?.isActive, false);
      const began = performance.now();
      await extension.activate();
      const milliseconds = performance.now() - began;
      console.log(`[check] activation took ${milliseconds.toFixed(0)} ms of ${PROMISED_MS}`);
      assert.ok(milliseconds < NOISE * PROMISED_MS);
    },
  });
