/**
 * The server's questions. One that asks for consent and can show the prompt first is a
 * dialog: nothing goes on without an answer. Once the prompt was asked for, the question
 * steps aside so that it can be read.
 */
import { window } from 'vscode';
import type { MessageActionItem, ShowMessageRequestParams } from 'vscode-languageclient/node';

const ERROR = 1;
const WARNING = 2;

/** Buttons of docs/lsp-extensions.md by which a question about consent is known. */
const SHOW_PROMPT = 'Show prompt';
const CANCEL = 'Cancel';

export async function answer({
  type,
  message,
  actions = [],
}: ShowMessageRequestParams): Promise<MessageActionItem | null> {
  if (actions.some(({ title }) => title === SHOW_PROMPT)) {
    try {
      return await inDialog(message, actions);
    } catch {
      // A window may show no dialogs, as those of test drivers; it shows notifications.
    }
  }
  const show =
    type === ERROR
      ? window.showErrorMessage
      : type === WARNING
        ? window.showWarningMessage
        : window.showInformationMessage;
  return (await show(message, ...actions)) ?? null;
}

async function inDialog(
  message: string,
  actions: readonly MessageActionItem[],
): Promise<MessageActionItem | null> {
  // A dialog has a button to cancel of its own.
  const buttons = actions.filter(({ title }) => title !== CANCEL);
  const [heading, ...details] = message.split(/(?<=:) /);
  const options = { modal: true, detail: details.join(' ') };
  return (await window.showWarningMessage(heading ?? message, options, ...buttons)) ?? null;
}
