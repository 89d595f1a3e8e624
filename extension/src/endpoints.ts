/**
 * What an OpenAI-compatible endpoint says about its models; no editor needed.
 */

import * as l10n from '@vscode/l10n';

const TIMEOUT_MS = 15_000;

/** Endpoints that people have; each is only a start for the address to be typed. */
export const KNOWN_ENDPOINTS = [
  { name: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1' },
  { name: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1' },
  { name: 'llama.cpp, vLLM', baseUrl: 'http://127.0.0.1:8000/v1' },
  { name: 'OpenAI', baseUrl: 'https://api.openai.com/v1' },
] as const;

/** Why an address cannot be one of an endpoint; `undefined` when it can. */
export function whyNotAnEndpoint(text: string): string | undefined {
  try {
    const { protocol } = new URL(text);
    return protocol === 'http:' || protocol === 'https:'
      ? undefined
      : l10n.t('The address has to begin with http:// or https://.');
  } catch {
    return l10n.t('This is not an address such as http://127.0.0.1:11434/v1.');
  }
}

/** Asks `GET {baseUrl}/models`; throws with what a person can do about it. */
export async function listModels(baseUrl: string, key: string | undefined): Promise<string[]> {
  const url = `${baseUrl.replace(/\/+$/, '')}/models`;
  const answer = await ask(url, key);
  if (answer.status === 401 || answer.status === 403) {
    throw new Error(l10n.t('{0} refuses the key; run "ORPS: Set API Key".', hostOf(baseUrl)));
  }
  if (!answer.ok) {
    throw new Error(l10n.t('{0} answered with status {1}.', url, answer.status));
  }
  const models = modelIds(await answer.json().catch(() => undefined));
  if (models.length === 0) {
    throw new Error(l10n.t('{0} lists no model; set orps.llm.model by hand.', url));
  }
  return models;
}

async function ask(url: string, key: string | undefined): Promise<Response> {
  const headers: Record<string, string> =
    key === undefined ? {} : { authorization: `Bearer ${key}` };
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(l10n.t('There is no answer from {0}: {1}', hostOf(url), reason), {
      cause: error,
    });
  }
}

function modelIds(body: unknown): string[] {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
  const models: readonly unknown[] = Array.isArray(data) ? data : [];
  return models
    .map((model) =>
      typeof model === 'object' && model !== null && 'id' in model ? model.id : undefined,
    )
    .filter((id): id is string => typeof id === 'string')
    .sort();
}

function hostOf(url: string): string {
  return new URL(url).host;
}
