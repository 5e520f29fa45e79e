import type { Findings } from './mistakes.ts';
import { isKnown, type KnownNames } from './known-names.ts';
import { callbacksOf, GUARDRAIL_PACKAGES } from './named-callbacks.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { ModelEntry } from './schema/model-list.ts';

/** The models that guardrails ask, by the names they have here. */
export type JudgeModels = {
  readonly llamaGuard?: string | undefined;
  readonly moderation?: string | undefined;
  /** Entries for those of them that the file has no entry for. They stand in no list of models. */
  readonly added: readonly ModelEntry[];
};

const LLAMA_GUARD = /llama-?_?guard/i;
const MODERATION = 'omni-moderation-latest';
/** Judging costs nothing at OpenAI, and nothing on a machine of one's own. */
const FREE = { input_cost_per_token: 0, output_cost_per_token: 0 };

/** Whom guardrails ask: models that the file names, those it has, or, where it has neither, ones at hosts that it has. */
export function toJudgeModels(file: ConfigFile, findings: Findings): JudgeModels {
  const used = new Set([
    ...callbacksOf(file).flatMap((callback) => (callback.kind === 'guardrail' ? [callback.package] : [])),
    ...(file.guardrails ?? []).map(({ litellm_params: { guardrail } }) => GUARDRAIL_PACKAGES[guardrail] ?? guardrail),
  ]);
  const llamaGuard = used.has('llamaguard') ? findLlamaGuard(file, findings) : undefined;
  const moderation = used.has('moderation') ? findModeration(file) : undefined;
  return { llamaGuard: llamaGuard?.name, moderation: moderation?.name, added: [llamaGuard?.added, moderation?.added].filter((entry) => entry !== undefined) };
}

type Judge = { readonly name: string; readonly added?: ModelEntry };

function findLlamaGuard({ model_list: list, litellm_settings: { llamaguard_model_name: named } = {} }: ConfigFile, findings: Findings): Judge | undefined {
  if (named !== undefined) return judgeNamed(named, list);
  const [own] = (list ?? []).filter(({ model_name, litellm_params: { model } }) => LLAMA_GUARD.test(model_name) || LLAMA_GUARD.test(model));
  if (own) return { name: own.model_name };
  const ollama = list?.find(({ litellm_params: { model } }) => /^ollama(?:_chat)?\//.test(model));
  if (!ollama) return undefined;
  const name = 'llama-guard3';
  findings.note(['model_list', list?.indexOf(ollama) ?? 0], `is at an Ollama, which is asked for its '${name}' too, because a guardrail wants a Llama Guard`);
  return { name, added: entryOf(name, `ollama/${name}`, ollama) };
}

function findModeration({ model_list: list, general_settings: { moderation_model: named } = {} }: ConfigFile): Judge {
  if (named !== undefined) return judgeNamed(named, list);
  if (list === undefined || isKnown(MODERATION, namesIn(list))) return { name: MODERATION };
  const openai = list.find(({ litellm_params: { model } }) => model.startsWith('openai/'));
  return { name: MODERATION, added: entryOf(MODERATION, `openai/${MODERATION}`, openai) };
}

/** A model of the file's own, or one that stands for itself: `provider/model`. */
function judgeNamed(name: string, list: ConfigFile['model_list']): Judge {
  return list === undefined || isKnown(name, namesIn(list)) ? { name } : { name, added: entryOf(name, name, undefined) };
}

/** At the address, and with the key, of another entry. */
function entryOf(name: string, model: string, like: ModelEntry | undefined): ModelEntry {
  const { api_key, api_base } = like?.litellm_params ?? {};
  return {
    model_name: name,
    litellm_params: { model, ...(api_key !== undefined && { api_key }), ...(api_base !== undefined && { api_base }) },
    ...(like && { model_info: FREE }),
  };
}

function namesIn(list: readonly ModelEntry[]): KnownNames {
  return { names: list.map(({ model_name }) => model_name), mayGrow: false };
}
