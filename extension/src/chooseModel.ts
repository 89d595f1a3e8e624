/**
 * "Choose Model": an endpoint, then one of the models that it lists.
 */
import { ConfigurationTarget, l10n, window, workspace, type QuickPickItem } from 'vscode';

import { Command, type Action } from './commands';
import { SECTION } from './config';
import { KNOWN_ENDPOINTS, listModels, whyNotAnEndpoint } from './endpoints';

export function modelActions(keyOf: () => Promise<string | undefined>): Record<string, Action> {
  return { [Command.chooseModel]: () => chooseModel(keyOf) };
}

async function chooseModel(keyOf: () => Promise<string | undefined>): Promise<void> {
  const baseUrl = await pickEndpoint();
  if (baseUrl === '') {
    await configure('', '');
    void window.showInformationMessage(l10n.t('ORPS: searches use no model now.'));
    return;
  }
  if (baseUrl === undefined) {
    return;
  }
  const models = await window.withProgress({ location: { viewId: 'orps.searches' } }, async () =>
    listModels(baseUrl, await keyOf()),
  );
  const model = await window.showQuickPick(models, {
    title: l10n.t('ORPS: models of {0}', new URL(baseUrl).host),
  });
  if (model !== undefined) {
    await configure(baseUrl, model);
    void window.showInformationMessage(l10n.t('ORPS: searches use {0} now.', model));
  }
}

type EndpointItem = QuickPickItem & { readonly baseUrl: string | undefined };

/** '' is the offline proposer. */
async function pickEndpoint(): Promise<string | undefined> {
  const present = workspace.getConfiguration(SECTION).get<string>('llm.baseUrl', '');
  const known = KNOWN_ENDPOINTS.filter(({ baseUrl }) => baseUrl !== present);
  const items: EndpointItem[] = [
    ...(present === ''
      ? []
      : [{ label: present, description: l10n.t('in use'), baseUrl: present }]),
    ...known.map(({ name, baseUrl }) => ({ label: name, description: baseUrl, baseUrl })),
    { label: l10n.t('Another endpoint…'), baseUrl: undefined },
    { label: l10n.t('No model'), description: l10n.t('the offline proposer'), baseUrl: '' },
  ];
  const chosen = await window.showQuickPick(items, {
    title: l10n.t('ORPS: where is the model?'),
    matchOnDescription: true,
  });
  return chosen === undefined ? undefined : (chosen.baseUrl ?? askForEndpoint(present));
}

function askForEndpoint(present: string): Thenable<string | undefined> {
  return window.showInputBox({
    title: l10n.t('ORPS: address of an OpenAI-compatible endpoint'),
    value: present,
    placeHolder: 'http://127.0.0.1:11434/v1',
    ignoreFocusOut: true,
    validateInput: whyNotAnEndpoint,
  });
}

async function configure(baseUrl: string, model: string): Promise<void> {
  const section = workspace.getConfiguration(SECTION);
  await section.update('llm.baseUrl', baseUrl || undefined, ConfigurationTarget.Global);
  await section.update('llm.model', model || undefined, ConfigurationTarget.Global);
}
