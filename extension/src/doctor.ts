/**
 * What the server's program finds on this machine, as a read-only document; works while
 * no server runs.
 */
import { execFile } from 'node:child_process';
import { EventEmitter, l10n, Uri, window, workspace, type Disposable } from 'vscode';

import type { ServerCommand } from './serverPath';

const DOCTOR_TIMEOUT_MS = 60_000;
const SCHEME = 'orps-doctor';
const REPORT = Uri.from({ scheme: SCHEME, path: 'ORPS setup.txt' });

export class Doctor implements Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly #provider: { dispose(): unknown };
  #report = '';

  constructor() {
    this.#provider = workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: () => this.#report,
    });
  }

  async show(server: ServerCommand): Promise<void> {
    this.#report = await examine(server, workspace.workspaceFolders?.[0]?.uri.fsPath);
    this.#changed.fire(REPORT);
    await window.showTextDocument(REPORT, { preview: true });
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changed.dispose();
  }
}

/** The report as it would stand in a terminal, or why there is none. */
function examine(server: ServerCommand, cwd: string | undefined): Promise<string> {
  const options = { timeout: DOCTOR_TIMEOUT_MS, windowsHide: true, ...(cwd && { cwd }) };
  return new Promise((resolve) => {
    execFile(server.command, [...server.args, 'doctor'], options, (error, stdout, stderr) => {
      const report = [stdout, stderr].map((text) => text.trim()).filter(Boolean);
      // A doctor that found something exits with an error status and still reports.
      resolve(report.join('\n') || (error?.message ?? l10n.t('The doctor had nothing to say.')));
    });
  });
}
