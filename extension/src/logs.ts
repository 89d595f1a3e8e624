/**
 * Where things are written down: what we do, and what the server says.
 */
import type { LogOutputChannel } from 'vscode';

export interface Logs {
  readonly extension: LogOutputChannel;
  readonly server: LogOutputChannel;
}
