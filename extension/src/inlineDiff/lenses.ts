/**
 * The line of buttons above an inline diff.
 */
import {
  CodeLens,
  EventEmitter,
  l10n,
  languages,
  Range,
  type Disposable,
  type TextDocument,
} from 'vscode';

export const DiffCommand = {
  accept: 'orps.diff.accept',
  next: 'orps.diff.next',
  previous: 'orps.diff.previous',
  full: 'orps.diff.full',
  dismiss: 'orps.diff.dismiss',
  /** Shows the better candidate that has arrived. */
  better: 'orps.diff.better',
} as const;

export type DiffCommand = (typeof DiffCommand)[keyof typeof DiffCommand];

export interface Buttons {
  readonly searchId: string;
  readonly line: number;
  readonly heading: string;
  readonly isOnly: boolean;
  /** What is offered in the place of the candidate shown. */
  readonly better: string | undefined;
}

export class DiffLenses implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #registration: Disposable;

  /** @param buttonsIn the lines of buttons of a document */
  constructor(buttonsIn: (document: TextDocument) => readonly Buttons[]) {
    this.#registration = languages.registerCodeLensProvider(
      { scheme: 'file', language: 'python' },
      {
        onDidChangeCodeLenses: this.#changed.event,
        provideCodeLenses: (document) => buttonsIn(document).flatMap(lensesOf),
      },
    );
  }

  refresh(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

function lensesOf(buttons: Buttons): CodeLens[] {
  const titles: [DiffCommand, string, boolean][] = [
    [
      DiffCommand.better,
      l10n.t('Show better: {0}', buttons.better ?? ''),
      buttons.better !== undefined,
    ],
    [DiffCommand.accept, l10n.t('Accept'), true],
    [DiffCommand.next, l10n.t('Next'), !buttons.isOnly],
    [DiffCommand.previous, l10n.t('Previous'), !buttons.isOnly],
    [DiffCommand.full, l10n.t('Full diff'), true],
    [DiffCommand.dismiss, l10n.t('Dismiss'), true],
  ];
  const range = new Range(buttons.line, 0, buttons.line, 0);
  return titles
    .filter(([, , isShown]) => isShown)
    .map(
      ([command, title]) =>
        new CodeLens(range, {
          command,
          title,
          tooltip: buttons.heading,
          arguments: [buttons.searchId],
        }),
    );
}
