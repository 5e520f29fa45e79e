import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import { type GuardrailSwitches, guardrailSwitches } from './schema/own-keys.ts';

/** Takes `guardrails` out of a file where it is a map of switches instead of a list. */
export function withoutSwitches(data: unknown, findings: Findings): { readonly list: unknown; readonly switches: GuardrailSwitches | undefined } {
  if (typeof data !== 'object' || data === null) return { list: data, switches: undefined };
  const { guardrails, ...list } = data as { readonly guardrails?: unknown };
  if (typeof guardrails !== 'object' || guardrails === null || Array.isArray(guardrails)) return { list: data, switches: undefined };
  const result = guardrailSwitches.safeParse(guardrails);
  if (!result.success) findings.schema(result.error.issues, ['guardrails']);
  return { list, switches: result.data };
}

/** The file as if it had said by LiteLLM's settings what its switches say. */
export function withSwitches(file: ConfigFile, switches: GuardrailSwitches): ConfigFile {
  const { litellm_settings: settings = {} } = file;
  const { hide_secrets, banned_keywords: words, enable_content_moderation, moderation_confidence_threshold: threshold } = switches;
  const callbacks = [...(settings.callbacks ?? []), ...(hide_secrets ? ['hide_secrets'] : []), ...(enable_content_moderation ? ['openai_moderations'] : [])];
  return {
    ...file,
    litellm_settings: {
      ...settings,
      ...(callbacks.length > 0 && { callbacks }),
      ...(words && { banned_keywords_list: [...(settings.banned_keywords_list ?? []), ...words] }),
      ...(threshold !== undefined && { moderation_confidence_threshold: threshold }),
    },
  };
}
