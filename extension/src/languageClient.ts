/**
 * One connection of the client library: how the server is started, and what is told and
 * logged of it.
 *
 * The only module that runs the library, which is most of the bundle; whoever needs a
 * connection imports this one late, so that waking up does not wait for it.
 */
import type { LogOutputChannel } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
  type ErrorHandler,
  type Middleware,
  type StaticFeature,
} from 'vscode-languageclient/node';

import { SECTION } from './config';
import type { ServerCommand } from './serverPath';

interface Parts {
  readonly server: ServerCommand;
  /** What the server is told of the settings before it can ask. */
  readonly settings: object;
  readonly log: LogOutputChannel;
  readonly middleware: Middleware;
}

/** A client that was not started yet. */
export function buildClient({ server, settings, log, middleware }: Parts): LanguageClient {
  let hasRun = false;
  const client: LanguageClient = new QuietClient(
    SECTION,
    'ORPS',
    { command: server.command, args: [...server.args], transport: TransportKind.stdio },
    {
      documentSelector: [{ scheme: 'file', language: 'python' }],
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: settings,
      // The error already reaches whoever awaits `start`.
      initializationFailedHandler: () => false,
      errorHandler: restartAfterCrash(
        () => client.createDefaultErrorHandler(),
        () => hasRun,
      ),
      middleware,
    },
  );
  client.registerFeature(WANTS_NEWS);
  client.onDidChangeState(({ newState }) => {
    hasRun ||= newState === State.Running;
  });
  return client;
}

export type Connection = 'starting' | 'running' | 'stopped';

const CONNECTION: Readonly<Record<State, Connection>> = {
  [State.Starting]: 'starting',
  [State.Running]: 'running',
  [State.Stopped]: 'stopped',
  [State.StartFailed]: 'stopped',
};

/** Tells what has become of the connection, now and whenever that changes. */
export function follow(client: LanguageClient, tell: (connection: Connection) => void): void {
  client.onDidChangeState(({ newState }) => tell(CONNECTION[newState]));
  tell(CONNECTION[client.state]);
}

/** Opts in to the server's messages about searches, and says whose trust counts here. */
const WANTS_NEWS: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = {
      ...(capabilities.experimental as object),
      orps: { workspaceTrust: true, documentation: 'orps.openWalkthrough' },
    };
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

/** Logs what the library would pop up: nobody asked for this server by hand. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/**
 * The library's policy, a few restarts in three minutes, for a server that has run;
 * one that never came up would only fail again.
 */
export function restartAfterCrash(
  makePolicy: () => ErrorHandler,
  hasRun: () => boolean,
): ErrorHandler {
  // Made late, because the policy needs the client that is being built.
  let policy: ErrorHandler | undefined;
  return {
    // A broken pipe may be the first that is heard of a crash. It is not counted, and the
    // library would stop for good before it hears of the end, which has it start again.
    error: (error, message, count) =>
      count === undefined
        ? { action: ErrorAction.Continue, handled: true }
        : (policy ??= makePolicy()).error(error, message, count),
    closed: async () => {
      const verdict = hasRun()
        ? await (policy ??= makePolicy()).closed()
        : { action: CloseAction.DoNotRestart };
      return { ...verdict, handled: true };
    },
  };
}
