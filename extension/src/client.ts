/**
 * The connection to `orps-lsp`: found, started, watched, restarted.
 *
 * There is one server per window. Whatever goes wrong with it becomes a `Health`,
 * which somebody else shows; nothing here opens a notification.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  commands,
  EventEmitter,
  l10n,
  Uri,
  workspace,
  type Disposable,
  type LogOutputChannel,
  type WorkspaceEdit,
} from 'vscode';
import type { CodeAction, LanguageClient, Middleware } from 'vscode-languageclient/node';

import { Coalesced } from './coalesced';
import { Command, Remediable } from './commands';
import type { PrivateServer } from './environment/privateServer';
import { configuredServer, SECTION, serverSettings } from './config';
import { asGhostText } from './ghostText/offering';
import { whyNot, type Health } from './health';
import type { Connection } from './languageClient';
import type { Logs } from './logs';
import { Lsp, Message, PROTOCOL, type SearchSnapshot, type ServerStatus } from './lspExt';
import type { Interpreters } from './python';
import { answer } from './questions';
import { SearchStore } from './searchStore';
import {
  findServer,
  majorOf,
  thisMachine,
  type ServerCommand,
  type ServerFault,
} from './serverPath';
import { withInterpreter } from './settingValues';

/** How long a server may take to answer `shutdown` before it is killed. */
const STOP_TIMEOUT_MS = 2000;

/** How long a server may take to answer `initialize`; it needs a second. */
const START_TIMEOUT_MS = 30_000;

export interface ClientParts {
  readonly version: string;
  /** The names of all settings that the extension contributes. */
  readonly settingNames: readonly string[];
  readonly logs: Logs;
  readonly interpreters: Interpreters;
  readonly privateServer: PrivateServer;
  /** Called when a command that some editor gesture started has failed. */
  readonly onCommandFailed: (error: unknown) => void;
  /** Our own ways to show what some of the server's commands show; by their ids. */
  readonly inPlaceOf: Readonly<Record<string, string>>;
}

export class OrpsClient implements Disposable {
  readonly #parts: ClientParts;
  readonly #restarts = new Coalesced(() => this.#restart());
  readonly #healthChanged = new EventEmitter<Health>();
  #client: LanguageClient | undefined;
  #health: Health = { kind: 'stopped' };

  readonly onDidChangeHealth = this.#healthChanged.event;
  /** What the server tells about searches. */
  readonly store = new SearchStore();

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  get log(): LogOutputChannel {
    return this.#parts.logs.extension;
  }

  get health(): Health {
    return this.#health;
  }

  /** Stops the server if one runs and starts the one that is right now. */
  restart(): Promise<void> {
    return this.#restarts.request();
  }

  /** Runs one of the server's commands; throws what is to be told when it cannot. */
  async execute(command: string, argument: object): Promise<unknown> {
    const client = await this.#ready();
    return client.sendRequest(Lsp.executeCommand, { command, arguments: [argument] });
  }

  /** Whether the server that runs knows the command; servers of one major version differ. */
  knows(command: string): boolean {
    const provider = this.#client?.initializeResult?.capabilities.executeCommandProvider;
    return provider?.commands.includes(command) ?? false;
  }

  /** One of the requests of `lspExt`; throws like `execute`. */
  async request<T>(method: string, params: object): Promise<T> {
    const client = await this.#ready();
    return client.sendRequest<T>(method, params);
  }

  /** The edit of a code action, for the text of this moment. */
  async resolveEdit(action: CodeAction): Promise<WorkspaceEdit> {
    const client = await this.#ready();
    const resolved = await client.sendRequest<CodeAction>(Lsp.resolveCodeAction, action);
    return client.protocol2CodeConverter.asWorkspaceEdit(resolved.edit ?? {});
  }

  /** The server's spelling of a URI, as the editor's own. */
  toUri(uri: string): Uri {
    return this.#client?.protocol2CodeConverter.asUri(uri) ?? Uri.parse(uri);
  }

  /** Makes the server ask for its settings again. */
  async settingsChanged(): Promise<void> {
    await this.#client?.sendNotification(Lsp.settingsChanged, { settings: null });
  }

  locate(): Promise<ServerCommand | ServerFault> {
    return findServer(configuredServer(), this.#parts.version, {
      ...thisMachine(process.env),
      privateServer: () => this.#parts.privateServer.find(),
    });
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) {
      try {
        await client.dispose(STOP_TIMEOUT_MS);
      } catch (error) {
        // A server that does not stop in time is killed by the client library.
        this.#parts.logs.extension.warn(`The server did not stop in order: ${String(error)}`);
      }
    }
    this.#setHealth({ kind: 'stopped' });
  }

  dispose(): void {
    this.#healthChanged.dispose();
  }

  async #ready(): Promise<LanguageClient> {
    await this.#restarts.settled();
    const reason = whyNot(this.#health);
    if (this.#client === undefined || reason !== undefined) {
      throw faultOf(this.#health, reason);
    }
    return this.#client;
  }

  async #restart(): Promise<void> {
    await this.stop();
    if (!workspace.isTrusted) {
      this.#setHealth({ kind: 'untrusted' });
      return;
    }
    this.#setHealth({ kind: 'starting' });
    const found = await this.locate();
    if (found.kind === 'fault') {
      this.#setHealth({ ...found, kind: 'failed' });
      return;
    }
    await this.#start(found);
  }

  async #start(server: ServerCommand): Promise<void> {
    this.#parts.logs.extension.info(`Starting ${[server.command, ...server.args].join(' ')}`);
    // Most of the bundle: it is run when there is a server to talk to, not on waking up.
    const { buildClient, follow } = await import('./languageClient');
    const client = buildClient({
      server,
      settings: await this.#settingsFor(undefined),
      log: this.#parts.logs.server,
      middleware: this.#middleware(),
    });
    this.#client = client;
    client.onRequest(Lsp.askPerson, answer);
    client.onNotification(Message.searchDidChange, (search: SearchSnapshot) =>
      this.store.tell(search),
    );
    client.onNotification(Message.serverStatus, (status: ServerStatus) => this.#told(status));
    const fault = await startFault(client, server);
    if (fault !== undefined) {
      await this.stop();
      this.#setHealth(fault);
      return;
    }
    follow(client, (connection) => this.#connectionIs(client, connection));
  }

  #middleware(): Middleware {
    return {
      executeCommand: async (command, args) => {
        const own = this.#parts.inPlaceOf[command];
        if (own !== undefined) {
          return commands.executeCommand(own, args[0]);
        }
        try {
          return await this.execute(command, (args[0] ?? {}) as object);
        } catch (error) {
          this.#parts.onCommandFailed(error);
          return undefined;
        }
      },
      provideInlineCompletionItems: async (document, position, context, token, next) =>
        asGhostText(await next(document, position, context, token), document, position),
      workspace: {
        configuration: (params) =>
          Promise.all(
            params.items.map(async ({ section, scopeUri }) =>
              section === SECTION
                ? this.#settingsFor(scopeUri === undefined ? undefined : Uri.parse(scopeUri))
                : null,
            ),
          ),
      },
    };
  }

  async #settingsFor(resource: Uri | undefined): Promise<object> {
    const interpreter = await this.#parts.interpreters.selectedFor(resource);
    return withInterpreter(serverSettings(this.#parts.settingNames, resource), interpreter);
  }

  #connectionIs(client: LanguageClient, connection: Connection): void {
    if (this.#client !== client) {
      return;
    }
    switch (connection) {
      case 'starting':
        this.#setHealth({ kind: 'starting' });
        break;
      case 'running':
        this.#started(client);
        break;
      case 'stopped':
        this.#setHealth({
          kind: 'failed',
          message: l10n.t('The ORPS server stopped.'),
          remedy: l10n.t('The log "ORPS Server" says why; "ORPS: Restart Server" starts it again.'),
        });
        break;
    }
  }

  #started(client: LanguageClient): void {
    const version = versionOf(client) ?? l10n.t('of unknown version');
    const own = this.#parts.version;
    const differs = majorOf(version) !== majorOf(own);
    this.#setHealth({ kind: 'running', version, ...(differs && { madeFor: own }) });
  }

  #told(status: ServerStatus): void {
    if (this.#health.kind === 'running') {
      this.#setHealth({ ...this.#health, status });
    }
  }

  #setHealth(health: Health): void {
    this.#health = health;
    if (health.kind !== 'running') {
      this.store.interrupt();
    }
    this.#healthChanged.fire(health);
  }
}

/** Why a server cannot be used, once it was asked to start; `undefined` if it can. */
async function startFault(
  client: LanguageClient,
  { command }: ServerCommand,
): Promise<Health | undefined> {
  const failed = (message: string, remedy: string) =>
    ({ kind: 'failed', message, remedy }) as const;
  const late = new AbortController();
  const timeout = delay(START_TIMEOUT_MS, 'late' as const, { signal: late.signal });
  // Whichever comes second is of no interest, also when it is the abort.
  timeout.catch(() => undefined);
  try {
    if ((await Promise.race([client.start(), timeout])) === 'late') {
      return failed(
        l10n.t('{0} did not answer within {1} seconds.', command, START_TIMEOUT_MS / 1000),
        l10n.t('"ORPS: Restart Server" tries again; the log "ORPS Server" may say more.'),
      );
    }
  } catch {
    return failed(
      l10n.t('{0} ended before it was ready.', command),
      l10n.t('The log "ORPS Server" says more.'),
    );
  } finally {
    late.abort();
  }
  return protocolOf(client) === PROTOCOL
    ? undefined
    : failed(
        l10n.t(
          '{0} ({1}) is not a server that this extension can talk to.',
          command,
          versionOf(client) ?? l10n.t('of unknown version'),
        ),
        l10n.t('Set orps.server.path to an orps-lsp of its own version, or clear it.'),
      );
}

function versionOf(client: LanguageClient): string | undefined {
  return client.initializeResult?.serverInfo?.version;
}

function protocolOf(client: LanguageClient): unknown {
  const experimental = client.initializeResult?.capabilities.experimental as
    { readonly orps?: { readonly protocol?: unknown } } | undefined;
  return experimental?.orps?.protocol;
}

/** For whoever asked something of a server that is not there. */
export function faultOf(health: Health, reason = whyNot(health)): Error {
  const message = reason ?? l10n.t('The server is not there.');
  return health.kind === 'failed' && health.canCreate === true
    ? new Remediable(message, {
        command: Command.createEnvironment,
        title: l10n.t('Create Server Environment'),
      })
    : new Error(message);
}
