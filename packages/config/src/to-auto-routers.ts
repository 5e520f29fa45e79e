import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Alias, Strategy } from '@sluice/core';
import { complexity, semantic } from '@sluice/core/routing';
import { checkNames, type KnownNames } from './known-names.ts';
import type { Findings } from './mistakes.ts';
import type { ModelEntry } from './schema/model-list.ts';
import { type SemanticRouter, semanticRouter } from './schema/strategy-args.ts';
import { levelsOf, toScoring } from './strategy-makers.ts';
import type { Path } from './yaml-source.ts';

type Params = ModelEntry['litellm_params'];
type Meant = { readonly to: readonly string[]; readonly strategy: Strategy };

const PREFIX = 'auto_router/';
const COMPLEXITY = 'auto_router/complexity_router';

/** Whether an entry of `model_list` is no model but a choice among others. */
export function isAutoRouter({ litellm_params: { model } }: ModelEntry): boolean {
  return model.startsWith(PREFIX);
}

/** Names that stand for several models, of which the request itself decides: by how hard it is, or by what it means. */
export function toAutoRouters(
  entries: readonly ModelEntry[],
  { known, file }: { readonly known: KnownNames; readonly file: string },
  findings: Findings,
): Record<string, Alias> {
  const aliases: Record<string, Alias> = {};
  for (const [index, entry] of entries.entries()) {
    if (!isAutoRouter(entry)) continue;
    const path = ['model_list', index, 'litellm_params'];
    const { litellm_params: params } = entry;
    const meant = params.model === COMPLEXITY ? byComplexity(params, path, findings) : byMeaning(params, { path, file }, findings);
    if (!meant) continue;
    checkNames(
      meant.to.map((name) => [path, name]),
      known,
      findings,
    );
    aliases[entry.model_name] = { to: [...new Set(meant.to)], strategy: meant.strategy };
  }
  return aliases;
}

function byComplexity(
  { complexity_router_config: config, complexity_router_default_model: byDefault }: Params,
  path: Path,
  findings: Findings,
): Meant | undefined {
  if (!config) {
    findings.mistake(
      [...path, 'model'],
      'which model each level means is missing',
      'Add complexity_router_config: { tiers: { SIMPLE: …, MEDIUM: …, COMPLEX: …, REASONING: … } }.',
    );
    return undefined;
  }
  const { tiers, default_model: named, classifier_type: _, ...scoring } = config;
  const levels = levelsOf(tiers, byDefault ?? named);
  const to = Object.values(levels).flat();
  if (to.length > 0) return { to, strategy: complexity(levels, toScoring(scoring)) };
  findings.mistake([...path, 'complexity_router_config', 'tiers'], 'no model is named for any level');
  return undefined;
}

function byMeaning(params: Params, { path, file }: { readonly path: Path; readonly file: string }, findings: Findings): Meant | undefined {
  const { auto_router_default_model: otherwise, auto_router_embedding_model: embeddingModel } = params;
  const config = routesOf(params, { path, file }, findings);
  for (const [key, value] of Object.entries({ auto_router_default_model: otherwise, auto_router_embedding_model: embeddingModel }))
    if (value === undefined) findings.mistake([...path, 'model'], `${key} is missing`);
  if (!config || otherwise === undefined || embeddingModel === undefined) return undefined;
  const routes = config.routes.map(({ name, utterances, score_threshold: threshold }) => ({
    use: name,
    examples: utterances,
    ...(typeof threshold === 'number' && { threshold }),
  }));
  return { to: [...routes.map(({ use }) => use), otherwise], strategy: semantic({ embeddingModel, routes, otherwise }) };
}

/** The routes, where they stand: as an object, as JSON in a text, or in a file of their own beside this one. */
function routesOf(params: Params, { path, file }: { readonly path: Path; readonly file: string }, findings: Findings): SemanticRouter | undefined {
  const { auto_router_config: written, auto_router_config_path: beside } = params;
  if (typeof written === 'object') return written;
  const at = [...path, written === undefined ? 'auto_router_config_path' : 'auto_router_config'];
  if (written === undefined && beside === undefined) {
    findings.mistake([...path, 'model'], 'its routes are missing', 'Add auto_router_config or auto_router_config_path.');
    return undefined;
  }
  try {
    const result = semanticRouter.safeParse(JSON.parse(written ?? readFileSync(resolve(dirname(file), beside ?? ''), 'utf8')), { reportInput: true });
    if (!result.success) for (const issue of result.error.issues) findings.mistake(at, `${issue.path.join('.')}: ${issue.message}`);
    return result.data;
  } catch (error) {
    findings.mistake(at, (error as Error).message);
    return undefined;
  }
}
