/**
 * Why an environment could not be made, from what the programs printed; no editor.
 *
 * Their last line is seldom the one that helps, so what is known is told in our words, and
 * everything is in the log.
 */
import * as l10n from '@vscode/l10n';

/** @param printed all that the program printed */
export function whyItFailed(printed: string): string {
  const known = KNOWN.find(([pattern]) => pattern.test(printed));
  return known === undefined ? lastWords(printed) : known[1]();
}

/** Told in the order of this list: what comes first is the cause of what comes later. */
const KNOWN: readonly (readonly [RegExp, () => string])[] = [
  [/no space left on device/i, () => l10n.t('The disk is full.')],
  [
    /permission denied|read-only file system/i,
    () => l10n.t("The editor's storage cannot be written to."),
  ],
  [/ensurepip is not available|no module named '?(venv|ensurepip)/i, whatVenvNeeds],
  [
    /no module named '?pip|no such option: --|ImportError.*pip/i,
    () => l10n.t('The pip of this Python does not work; reinstall Python, or install uv.'),
  ],
  [
    /certificate verify failed|invalid peer certificate/i,
    () =>
      l10n.t('The certificate of the package index is not trusted; set SSL_CERT_FILE or PIP_CERT.'),
  ],
  [
    /failed to (establish a new connection|fetch)|name resolution|name or service not known|connection refused|timed out|dns error|error sending request|network is unreachable|proxy/i,
    () => l10n.t('The package index does not answer; check the network, or set PIP_INDEX_URL.'),
  ],
  [
    /no matching distribution|could not find a version|no solution found/i,
    () => l10n.t('The package index lacks a package, or has none for this Python.'),
  ],
];

export function whatVenvNeeds(): string {
  return l10n.t(
    'This Python lacks its venv module; on Debian or Ubuntu: sudo apt-get install python3-venv',
  );
}

function lastWords(printed: string): string {
  return (
    printed
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}
