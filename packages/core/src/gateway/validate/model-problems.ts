import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { priceProblems } from '../../pricing/price-problems.ts';
import { type ProviderOf, providerOf } from '../../provider/provider-of.ts';
import type { Deployment, Price } from '../../types/model.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { GatewayOptions } from '../options.ts';
import { budgetProblems } from './allowance-problems.ts';
import { hedgeProblems } from './hedge-problems.ts';
import { mirrorProblems } from './mirror-problems.ts';
import { nameProblems } from './name-problems.ts';
import { ruleProblems } from './rule-problems.ts';
import { flagProblems, numberProblems, repetitions } from './value-problems.ts';

/** What is wrong with which model is called where, and what it costs. */
export function modelProblems({ models = [], providers = [], aliases = {}, prices = {}, router = {}, modelReader }: GatewayOptions): ConfigurationProblem[] {
  const known = { find: providerOf(providers), names: providers.map(({ name }) => name) };
  const { retries, backoffMs, maxBackoffMs, cooldownMs, allowedFails, maxFallbacks, deadlineMs, queue } = router;
  return [
    ...repetitions(
      providers.map(({ name }, index) => [`providers[${index}].name`, name]),
      'the name',
    ),
    ...models.flatMap((group, index) => groupProblems(group, `models[${index}]`, known)),
    ...repetitions(
      models.map(({ name }, index) => [`models[${index}].name`, name]),
      'the name',
    ),
    ...repeatedDeployments(models),
    ...Object.keys(aliases).flatMap((alias) =>
      models.some(({ name }) => name === alias) ? [{ place: `aliases.${alias}`, message: 'a model has this name already' }] : [],
    ),
    // Where a directory brings models, it may bring those that are named; what is missing then is told once it was read.
    ...(modelReader ? [] : nameProblems({ models, aliases, router })),
    ...(router.defaultProvider === undefined || known.names.includes(router.defaultProvider)
      ? []
      : [{ place: 'router.defaultProvider', message: `no provider is named '${router.defaultProvider}'.`, ...suggest(router.defaultProvider, known.names) }]),
    ...numberProblems('router', { retries, backoffMs, maxBackoffMs, cooldownMs, allowedFails, maxFallbacks }, { atLeast: 0 }),
    ...numberProblems('router', { deadlineMs }, { atLeast: 1 }),
    ...(router.defaultPriority === undefined || Number.isFinite(router.defaultPriority)
      ? []
      : [{ place: 'router.defaultPriority', message: `${router.defaultPriority} is not a number` }]),
    ...hedgeProblems('router.hedge', router.hedge),
    ...flagProblems('router', { resume: router.resume }),
    ...numberProblems('router.queue', { ...queue }, { atLeast: 0 }),
    ...numberProblems('router.allowedFailsFor', { ...router.allowedFailsFor }, { atLeast: 0 }),
    ...numberProblems('router.retriesFor', { ...router.retriesFor }, { atLeast: 0 }),
    ...Object.entries(prices).flatMap(([name, price]) => ofPrice(`prices['${name}']`, price)),
  ];
}

type KnownProviders = { readonly find: ProviderOf; readonly names: readonly string[] };

function groupProblems(group: ModelGroup, place: string, providers: KnownProviders): ConfigurationProblem[] {
  const problems = group.deployments.flatMap((deployment, index) => [
    ...deploymentProblems(deployment, `${place}.deployments[${index}]`, group, providers),
    ...healthProblems(deployment, `${place}.deployments[${index}].healthCheck`),
  ]);
  if (group.name.trim() === '') problems.push({ place: `${place}.name`, message: 'the name is empty' });
  if (group.deployments.length === 0) problems.push({ place: `${place}.deployments`, message: `'${group.name}' has none, so nothing could answer for it` });
  const { retries, retriesFor } = group;
  return [
    ...problems,
    ...numberProblems(place, { retries }, { atLeast: 0 }),
    ...hedgeProblems(`${place}.hedge`, group.hedge),
    ...flagProblems(place, { resume: group.resume }),
    ...mirrorProblems(`${place}.mirror`, group.mirror),
    ...numberProblems(`${place}.retriesFor`, { ...retriesFor }, { atLeast: 0 }),
  ];
}

function deploymentProblems(deployment: Deployment, place: string, group: ModelGroup, providers: KnownProviders): ConfigurationProblem[] {
  const { id, provider: own, standIn, model, weight = 1, price, apiKey, maxOutputTokens, maxInputTokens, timeoutMs } = deployment;
  const { requestsPerMinute, tokensPerMinute, cooldownMs, parallelCalls, firstTokenTimeoutMs, idleTimeoutMs } = deployment;
  const problems = [
    ...numberProblems(
      place,
      { maxOutputTokens, maxInputTokens, timeoutMs, requestsPerMinute, tokensPerMinute, parallelCalls, firstTokenTimeoutMs, idleTimeoutMs },
      { atLeast: 1 },
    ),
    ...budgetProblems(place, deployment),
    ...numberProblems(place, { cooldownMs, retries: deployment.retries }, { atLeast: 0 }),
    ...ofPrice(`${place}.price`, price),
    ...ruleProblems(`${place}.parameterRules`, deployment.parameterRules),
  ];
  const provider = providers.find(deployment);
  const name = standIn ?? own;
  if (provider) problems.push(...(provider.problemsOf?.(deployment) ?? []).map((message) => ({ place, message })));
  else
    problems.push({
      place: `${place}.${standIn === undefined ? 'provider' : 'standIn'}`,
      message: `no provider is named '${name}'; there ${toList(providers.names)}.`,
      ...suggest(name, providers.names),
    });
  if (id.trim() === '') problems.push({ place: `${place}.id`, message: 'the id is empty' });
  if (apiKey !== undefined && typeof apiKey.reveal !== 'function')
    problems.push({ place: `${place}.apiKey`, message: 'has to be wrapped, as in secret(process.env.API_KEY), so that it is never printed' });
  if (!(weight >= 0 && Number.isFinite(weight))) problems.push({ place: `${place}.weight`, message: `${weight} is not a share of 0 or more` });
  if (gapsIn(model) > gapsIn(group.name))
    problems.push({ place: `${place}.model`, message: `'${model}' has more '*' than the name '${group.name}' could fill` });
  return problems;
}

function healthProblems({ healthCheck }: Deployment, place: string): ConfigurationProblem[] {
  if (!healthCheck) return [];
  const { timeoutMs, maxTokens } = healthCheck;
  return numberProblems(place, { timeoutMs, maxTokens }, { atLeast: 1 });
}

/** One and the same deployment may stand in several groups; another one may not take its id. */
function repeatedDeployments(models: readonly ModelGroup[]): ConfigurationProblem[] {
  const seen = new Set<Deployment>();
  const ids: [string, string][] = [];
  for (const [index, { deployments }] of models.entries()) {
    for (const [inner, deployment] of deployments.entries()) {
      if (!seen.has(deployment)) ids.push([`models[${index}].deployments[${inner}].id`, deployment.id]);
      seen.add(deployment);
    }
  }
  return repetitions(ids, 'the id');
}

function ofPrice(place: string, price: Price | undefined): ConfigurationProblem[] {
  return price === undefined ? [] : priceProblems(price).map((problem) => ({ ...problem, place: `${place}${problem.place}` }));
}

function suggest(word: string, candidates: Iterable<string>): { suggestion?: string } {
  const suggestion = didYouMean(word, candidates);
  return suggestion === undefined ? {} : { suggestion };
}

function gapsIn(pattern: string): number {
  return pattern.split('*').length - 1;
}

function toList(names: readonly string[]): string {
  return names.length === 0 ? 'are none' : `${names.length === 1 ? 'is' : 'are'} ${names.map((name) => `'${name}'`).join(', ')}`;
}
