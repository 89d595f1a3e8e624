/**
 * Asks the server's program what it finds on this machine; works while no server runs.
 */
import { execFile } from 'node:child_process';

import type { ServerCommand } from './serverPath';

const DOCTOR_TIMEOUT_MS = 60_000;

/** The report as it would stand in a terminal, or why there is none. */
export function runDoctor(server: ServerCommand, cwd: string | undefined): Promise<string> {
  const options = { timeout: DOCTOR_TIMEOUT_MS, windowsHide: true, ...(cwd && { cwd }) };
  return new Promise((resolve) => {
    execFile(server.command, [...server.args, 'doctor'], options, (error, stdout, stderr) => {
      const report = [stdout, stderr].map((text) => text.trim()).filter(Boolean);
      // A doctor that found something exits with an error status and still reports.
      resolve(report.join('\n') || (error?.message ?? 'The doctor had nothing to say.'));
    });
  });
}
