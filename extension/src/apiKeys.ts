/**
 * Keys of models: kept by the editor's secret storage, lent to the server for a session.
 *
 * They are never in settings, arguments, initialization options or logs.
 */
import { l10n, window, workspace, type Disposable, type SecretStorage } from 'vscode';

import type { OrpsClient } from './client';
import { Command, type Action } from './commands';
import { SECTION } from './config';
import { Message } from './lspExt';

const PREFIX = 'orps.key.';
/** Names of the keys that are stored; older editors cannot list secrets. */
const NAMES = 'orps.keyNames';

export class ApiKeys implements Disposable {
  readonly #client: OrpsClient;
  readonly #secrets: SecretStorage;
  readonly #subscription: { dispose(): unknown };

  constructor(client: OrpsClient, secrets: SecretStorage) {
    this.#client = client;
    this.#secrets = secrets;
    this.#subscription = client.onDidChangeHealth(({ kind }) => {
      if (kind === 'running') {
        void this.#lendAll();
      }
    });
  }

  get actions(): Record<string, Action> {
    return { [Command.setApiKey]: () => this.#ask() };
  }

  /** The key for the configured endpoint: stored by us, else from our environment. */
  async current(): Promise<string | undefined> {
    const name = keyName();
    return (await this.#secrets.get(PREFIX + name)) ?? process.env[name];
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #ask(): Promise<void> {
    const name = keyName();
    const value = await window.showInputBox({
      title: l10n.t('ORPS: API key ({0})', name),
      prompt: l10n.t('Kept in the secret storage of this editor; empty removes it.'),
      password: true,
      ignoreFocusOut: true,
    });
    if (value === undefined) {
      return;
    }
    const key = value.trim();
    await this.#store(name, key);
    await this.#client.request(Message.setSecret, { name, value: key === '' ? null : key });
    void window.showInformationMessage(
      key === ''
        ? l10n.t('ORPS: the key {0} was removed.', name)
        : l10n.t('ORPS: the key {0} is stored.', name),
    );
  }

  async #store(name: string, key: string): Promise<void> {
    const names = new Set(await this.#names());
    if (key === '') {
      names.delete(name);
      await this.#secrets.delete(PREFIX + name);
    } else {
      names.add(name);
      await this.#secrets.store(PREFIX + name, key);
    }
    await this.#secrets.store(NAMES, [...names].join('\n'));
  }

  async #names(): Promise<string[]> {
    return ((await this.#secrets.get(NAMES)) ?? '').split('\n').filter(Boolean);
  }

  async #lendAll(): Promise<void> {
    for (const name of await this.#names()) {
      const value = await this.#secrets.get(PREFIX + name);
      if (value !== undefined) {
        await this.#client.request(Message.setSecret, { name, value });
      }
    }
  }
}

function keyName(): string {
  return workspace.getConfiguration(SECTION).get<string>('llm.apiKeyEnv', '') || 'OPENAI_API_KEY';
}
