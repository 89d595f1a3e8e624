/**
 * What is always visible: the server's health beside the language, the searches in
 * the status bar.
 */
import {
  l10n,
  languages,
  LanguageStatusSeverity,
  StatusBarAlignment,
  window,
  type Disposable,
} from 'vscode';

import type { OrpsClient } from './client';
import { Command } from './commands';
import { healthView, type Health } from './health';
import { statusView } from './statusView';

const SEVERITY = {
  information: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
} as const;

export class Status implements Disposable {
  readonly #health = languages.createLanguageStatusItem('orps.health', { language: 'python' });
  readonly #bar = window.createStatusBarItem('orps.searches', StatusBarAlignment.Left);
  readonly #client: OrpsClient;
  readonly #subscriptions: readonly { dispose(): unknown }[];

  constructor(client: OrpsClient) {
    this.#client = client;
    this.#health.name = 'ORPS';
    this.#bar.name = 'ORPS';
    this.#bar.command = Command.showMenu;
    this.#subscriptions = [
      this.#health,
      this.#bar,
      client.onDidChangeHealth((health) => this.#showHealth(health)),
      client.store.onDidChange(() => this.#showSearches()),
    ];
    this.#showHealth(client.health);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #showHealth(health: Health): void {
    const view = healthView(health);
    this.#health.text = view.text;
    this.#health.detail = view.detail;
    this.#health.severity = SEVERITY[view.severity];
    this.#health.busy = view.busy;
    this.#health.command =
      health.kind === 'failed' && health.canCreate === true
        ? { command: Command.createEnvironment, title: l10n.t('Create Server Environment') }
        : { command: Command.showServerLogs, title: l10n.t('Show Logs') };
  }

  #showSearches(): void {
    const view = statusView(this.#client.store.searches);
    if (view === undefined) {
      this.#bar.hide();
      return;
    }
    this.#bar.text = view.text;
    this.#bar.tooltip = view.tooltip;
    this.#bar.accessibilityInformation = { label: view.tooltip };
    this.#bar.show();
  }
}
