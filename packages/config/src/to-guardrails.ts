import type { Guardrail, GuardrailUse, JsonObject } from '@sluice/core';
import type { JudgeModels } from './judge-models.ts';
import type { Make } from './make-by-package.ts';
import type { Findings } from './mistakes.ts';
import { callbacksOf, GUARDRAIL_PACKAGES } from './named-callbacks.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { GuardrailEntry } from './schema/own-keys.ts';
import { PLANNED_GUARDRAILS } from './schema/unsupported-keys.ts';
import type { Path } from './yaml-source.ts';

export type GuardrailParts = { readonly make: Make; readonly judges: JudgeModels; readonly findings: Findings };

/** Guardrails of the list, those that LiteLLM calls callbacks, and words that are banned. */
export function toGuardrails(file: ConfigFile, parts: GuardrailParts): GuardrailUse[] {
  const { make } = parts;
  return [
    ...(file.guardrails ?? []).map((entry, index) => toGuardrail(entry, ['guardrails', index], parts)),
    ...callbackGuardrails(file, parts),
    bannedWords(file, make),
  ].filter((use) => use !== undefined);
}

function toGuardrail({ guardrail_name: name, litellm_params }: GuardrailEntry, path: Path, { make, judges }: GuardrailParts): GuardrailUse | undefined {
  const { guardrail: written, mode, default_on: always, stream, on_error: onError, ...said } = litellm_params;
  const packageName = GUARDRAIL_PACKAGES[written] ?? written;
  const made = make<Guardrail>({
    kind: 'guardrail',
    name: packageName,
    options: optionsOf(packageName, said, judges),
    path: [...path, 'litellm_params', 'guardrail'],
    optionsPath: [...path, 'litellm_params'],
    planned: PLANNED_GUARDRAILS,
  });
  if (made === undefined) return undefined;
  const modes = [mode].flat();
  return {
    // Whatever else the guardrail has stays in place behind its new name.
    guardrail: Object.create(made, { name: { value: name, enumerable: true }, ...(onError && { onError: { value: onError, enumerable: true } }) }) as Guardrail,
    on: [...(modes.includes('pre_call') ? (['input'] as const) : []), ...(modes.includes('post_call') ? (['output'] as const) : [])],
    ...(stream && { stream }),
    ...(always === undefined ? {} : { always }),
  };
}

/** LiteLLM's names for what our packages that ask somebody call otherwise. */
function optionsOf(packageName: string, { api_key: apiKey, api_base: baseUrl, ...said }: JsonObject, { llamaGuard, moderation }: JudgeModels): JsonObject {
  if (packageName !== 'llamaguard' && packageName !== 'moderation')
    return { ...said, ...(apiKey !== undefined && { api_key: apiKey }), ...(baseUrl !== undefined && { api_base: baseUrl }) };
  const judge = packageName === 'llamaguard' ? llamaGuard : moderation;
  return {
    ...(baseUrl === undefined && judge !== undefined && { model: judge }),
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...said,
  };
}

/** They judge what is asked, as in LiteLLM, and keep the name that the file gives them. */
function callbackGuardrails(file: ConfigFile, { make, judges, findings }: GuardrailParts): (GuardrailUse | undefined)[] {
  const { moderation_confidence_threshold: threshold } = file.litellm_settings ?? {};
  return callbacksOf(file)
    .filter(({ kind }) => kind === 'guardrail')
    .map(({ package: packageName, name, path }) => {
      if (packageName === 'llamaguard' && judges.llamaGuard === undefined) {
        findings.mistake(path, 'asks a Llama Guard, and the file has none', 'Name one by litellm_settings.llamaguard_model_name, such as ollama/llama-guard3.');
        return undefined;
      }
      const options = {
        name,
        ...optionsOf(packageName, {}, judges),
        ...(packageName === 'moderation' && threshold !== undefined && { threshold }),
      };
      const guardrail = make<Guardrail>({ kind: 'guardrail', name: packageName, options, path });
      return guardrail && { guardrail, on: ['input'] };
    });
}

/** As in LiteLLM, inside longer words too. */
function bannedWords({ litellm_settings: { banned_keywords_list: words } = {} }: ConfigFile, make: Make): GuardrailUse | undefined {
  if (words === undefined) return undefined;
  const guardrail = make<Guardrail>({
    kind: 'guardrail',
    name: 'keywords',
    options: { words, wholeWords: false },
    path: ['litellm_settings', 'banned_keywords_list'],
  });
  return guardrail && { guardrail, on: ['input', 'output'] };
}
