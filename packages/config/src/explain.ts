import {
  type Alias,
  type Allowance,
  type Deployment,
  formatUsd,
  type GatewayOptions,
  type Limits,
  type ModelGroup,
  type Operation,
  PHASES,
  type Provider,
} from '@sluice/core';
import { describeDeclared } from './describe-declared.ts';

export type Explained = {
  /** What else there is to say, a line each. */
  readonly notes?: readonly string[];
  readonly keySources?: ReadonlyMap<string, string>;
};

/** What a gateway with these options will do, as text for whoever configured it. Prices are those of the deployments. Shows no secret. */
export function explain(options: GatewayOptions, { notes = [], keySources = new Map() }: Explained = {}): string {
  const providers = new Map((options.providers ?? []).map((provider) => [provider.name, provider]));
  const sections = [
    section(
      'Models',
      (options.models ?? []).flatMap((group) => groupLines(group, providers, keySources)),
    ),
    section(
      'Aliases',
      Object.entries(options.aliases ?? {}).map(([alias, target]) => `${alias} = ${aliasWords(target)}`),
    ),
    section('Callers', callerLines(options)),
    section('Declared', (options.declared ?? []).filter(({ kind }) => kind !== 'key').map(describeDeclared)),
    section('Access', accessLines(options)),
    section(
      'Limits',
      whoseAllowances(options).flatMap(([whose, { limits }]) => limitLines(whose, limits)),
    ),
    section('Budget', budgetLines(options)),
    section('Pipeline', pipelineLines(options)),
    section('Notes', notes),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function groupLines({ name, deployments, fallbacks }: ModelGroup, providers: ReadonlyMap<string, Provider>, keySources: ReadonlyMap<string, string>): string[] {
  const shares = sharesOf(deployments);
  return [
    name,
    ...deployments.map((deployment, index) => {
      const provider = providers.get(deployment.standIn ?? deployment.provider);
      const share = deployments.length > 1 ? `${Math.round(100 * (shares[index] ?? 0))}% of calls, ` : '';
      return `  ${deployment.provider} ${deployment.model} ${addressOf(deployment, provider)}, ${share}${keyOf(deployment, keySources)}, ${priceOf(deployment)}`;
    }),
    ...(fallbacks?.length ? [`  then ${fallbacks.join(', ')}`] : []),
  ];
}

function aliasWords(alias: Alias): string {
  if (typeof alias === 'string' || !('to' in alias)) return [alias].flat().join(' + ');
  const { to, strategy, isHidden } = alias;
  return `${[to].flat().join(strategy ? ' or ' : ' + ')}${strategy ? `, by ${strategy.name}` : ''}${isHidden ? ', in no list' : ''}`;
}

/** By weight where any has one, else by the calls or the tokens a minute that all allow. */
function sharesOf(deployments: readonly Deployment[]): readonly number[] {
  const field = deployments.some(({ weight }) => weight !== undefined)
    ? 'weight'
    : (['requestsPerMinute', 'tokensPerMinute'] as const).find((name) => deployments.every((deployment) => deployment[name] !== undefined));
  const parts = deployments.map((deployment) => (field && deployment[field]) ?? 1);
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}

/** Asked of the mapping, which is pure: what it would call is what will be called. */
function addressOf(deployment: Deployment, provider: Provider | undefined): string {
  const [operation, mapping] = Object.entries(provider?.operationsOf?.(deployment) ?? provider?.operations ?? {})[0] ?? [];
  try {
    const url = mapping?.toRequest({ operation: operation as Operation, request: { model: deployment.model }, deployment }).url;
    if (url !== undefined) return /^https?:/.test(url) ? `at ${new URL(url).origin}` : 'in this process';
  } catch {
    // A mapping may want more of a request than a model; then the configured address has to do.
  }
  return `at ${deployment.baseUrl ?? "the provider's own address"}`;
}

function keyOf({ id, apiKey }: Deployment, keySources: ReadonlyMap<string, string>): string {
  return apiKey === undefined ? 'no key' : `key: ${keySources.get(id) ?? 'environment'}`;
}

function priceOf({ price, model }: Deployment): string {
  if (price) return `$${formatUsd(price.input)} in and $${formatUsd(price.output)} out a million tokens`;
  return model.includes('*') ? 'priced by model' : 'no price known';
}

function callerLines({ masterKey, keys = [], declared = [], identify, identities = [], auth }: GatewayOptions): string[] {
  if (auth === false) return ['everybody, without a key'];
  return [
    ...(masterKey === undefined ? [] : ['the master key']),
    ...(identify === undefined ? [] : ['whom the host identifies']),
    ...identities.map(({ name }) => `whom ${name} knows`),
    ...keys.map(({ id, models, limits, budgetNanoUsd, expiresAt, isBlocked }) =>
      [
        `key ${id}: ${models?.join(', ') ?? 'all models'}`,
        ...limitLines('', limits),
        ...(budgetNanoUsd === undefined ? [] : [`$${formatUsd(budgetNanoUsd)}`]),
        ...(expiresAt ? [`until ${expiresAt.toISOString()}`] : []),
        ...(isBlocked ? ['blocked'] : []),
      ].join(', '),
    ),
    ...declared.filter(({ kind }) => kind === 'key').map(describeDeclared),
  ];
}

function limitLines(whose: string, limits: Limits | undefined): string[] {
  if (limits === undefined) return [];
  const { requestsPerMinute, tokensPerMinute, parallelCalls, costPerMinuteNanoUsd } = limits;
  const parts = [
    requestsPerMinute === undefined ? '' : `${requestsPerMinute} calls a minute`,
    tokensPerMinute === undefined ? '' : `${tokensPerMinute} tokens a minute`,
    costPerMinuteNanoUsd === undefined ? '' : `$${formatUsd(costPerMinuteNanoUsd)} a minute`,
    parallelCalls === undefined ? '' : `${parallelCalls} calls at a time`,
  ].filter((part) => part !== '');
  return [`${whose === '' ? '' : `${whose}: `}${parts.join(', ')}`];
}

function accessLines({ access = {} }: GatewayOptions): string[] {
  const lists = {
    from: access.allowFrom,
    'not from': access.denyFrom,
    'without a key': access.publicRoutes,
    'administrators only': access.adminRoutes,
    'only these routes': access.allowedRoutes,
    'has to bring': access.enforcedParams,
    'end user by': access.endUserHeaders,
  };
  return Object.entries(lists).flatMap(([what, list]) => (list ? [`${what}: ${list.join(', ')}`] : []));
}

/** Whose allowances there are, the nearest first. */
function whoseAllowances({ allowance = {}, budget = {} }: GatewayOptions): [string, Allowance][] {
  const { perKey, perUser, users = {}, perTeam, perEndUser, gateway } = allowance;
  const named = [
    ['each key', perKey],
    ['each user', perUser],
    ...Object.entries(users).map(([id, ofUser]) => [`user ${id}`, ofUser] as const),
    ['each team', perTeam],
    ['each end user', perEndUser],
    ...Object.entries(budget.providers ?? {}).map(([name, ofProvider]) => [`provider ${name}`, ofProvider] as const),
    ['all calls together', gateway],
  ] as const;
  return named.flatMap(([whose, own]) => (own ? [[whose, own] as [string, Allowance]] : []));
}

function budgetLines(options: GatewayOptions): string[] {
  const { budget } = options;
  const budgets = whoseAllowances(options).flatMap(([whose, { budgetNanoUsd, budgetWindow }]) =>
    budgetNanoUsd === undefined ? [] : [`${whose}: $${formatUsd(budgetNanoUsd)}${budgetWindow ? ` in ${budgetWindow.length}` : ''}`],
  );
  if (budgets.length === 0 && !budget) return [];
  return [...budgets, `a model without a price is ${budget?.unpriced === 'allow' ? 'called at no cost' : 'refused'}`];
}

/** What runs around each call, outermost first. */
function pipelineLines(options: GatewayOptions): string[] {
  const { sinks = [], guardrails = [], cache, router, hooks = [] } = options;
  const own = hooks.flat().filter((hook) => hook !== false && hook !== undefined);
  const details: Readonly<Partial<Record<(typeof PHASES)[number], string>>> = {
    logger: sinks.map(({ name }) => name).join(', '),
    guardrail: guardrails
      .map(({ guardrail, on, always = true }) => `${guardrail.name} on ${on.join(' and ')}${always ? '' : ' where a policy names it'}`)
      .join('; '),
    cache: cache ? `exact${typeof cache === 'object' && cache.ttlMs !== undefined ? `, kept ${cache.ttlMs / 1000} s` : ''}` : 'off',
    router: `${router?.retries ?? 2} further tries${router?.defaultFallbacks ? `, then ${router.defaultFallbacks.join(', ')}` : ''}`,
  };
  return PHASES.map((phase) =>
    [phase, details[phase], ...own.filter((hook) => hook.phase === phase).map((hook) => `+ ${hook.name}`)].filter(Boolean).join('  '),
  );
}
