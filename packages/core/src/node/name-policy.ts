import { createHash } from 'node:crypto';
import { ConfigurationError, type ConfigurationProblem } from '../errors/configuration-error.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { allowanceProblems } from '../gateway/validate/allowance-problems.ts';
import { type NamesOf, unknownIn } from '../gateway/validate/unknown-options.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Policy } from '../types/principal.ts';

/** A policy as it is written: the name may be left out. */
export type PolicyOptions = Omit<Policy, 'name'> & Partial<Pick<Policy, 'name'>>;

const POLICY: NamesOf<Policy> = {
  name: true,
  models: true,
  regions: true,
  limits: true,
  budgetNanoUsd: true,
  budgetWindow: true,
  softBudgetNanoUsd: true,
  isShadow: true,
  degrade: true,
  guardrails: true,
};

export type PolicyNamer = (options: PolicyOptions) => Policy;

/**
 * Checks policies and names those without a name, by what they demand: the name stays the same over restarts, on every
 * instance, and when other policies come and go. Equal ones are told apart by their order.
 */
export function policyNamer(models: ModelRegistry, guardrails: readonly string[]): PolicyNamer {
  const seen = new Map<string, number>();

  function nameOf(options: PolicyOptions): string {
    const demands = JSON.stringify(
      options,
      Object.keys(options)
        .concat(
          Object.keys(options.limits ?? {}),
          Object.keys(options.budgetWindow ?? {}),
          Object.keys(options.degrade ?? {}),
          Object.keys(options.degrade?.to ?? {}),
        )
        .sort(),
    );
    const hash = createHash('sha256').update(demands).digest('hex').slice(0, 12);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return count === 1 ? `policy-${hash}` : `policy-${hash}-${count}`;
  }

  return (options) => {
    const problems = [...demandProblems(options), ...unknownModels(options, models), ...unknownGuardrails(options, guardrails)];
    if (problems.length > 0) throw new ConfigurationError(problems);
    return { ...options, name: options.name ?? nameOf(options) };
  };
}

/** A misspelt demand would be one that is not made. */
function demandProblems(options: PolicyOptions): ConfigurationProblem[] {
  return [...unknownIn('policy', options, POLICY), ...allowanceProblems('policy', options)];
}

function unknownModels({ models: named = [] }: PolicyOptions, models: ModelRegistry): ConfigurationProblem[] {
  return named
    .map((name, index) => ({ name, place: `policy.models[${index}]` }))
    .filter(({ name }) => !name.includes('*') && !models.resolve(name))
    .map(({ name, place }) => toProblem(place, `No model is named '${name}'.`, didYouMean(name, models.names)));
}

/** A misspelt guardrail would be one that never runs. */
function unknownGuardrails({ guardrails: named = [] }: PolicyOptions, guardrails: readonly string[]): ConfigurationProblem[] {
  return named
    .map((name, index) => ({ name, place: `policy.guardrails[${index}]` }))
    .filter(({ name }) => !guardrails.includes(name))
    .map(({ name, place }) => toProblem(place, `No guardrail is named '${name}'.`, didYouMean(name, guardrails)));
}

function toProblem(place: string, message: string, suggestion: string | undefined): ConfigurationProblem {
  return suggestion === undefined ? { place, message } : { place, message, suggestion };
}
