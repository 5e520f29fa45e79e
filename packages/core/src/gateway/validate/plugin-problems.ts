import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { type HookInput, PHASES } from '../../pipeline/hook.ts';
import type { GuardrailUse } from '../../types/guardrail.ts';
import type { GatewayOptions } from '../options.ts';
import { identityProblems } from './identity-problems.ts';
import { notAFunction } from './value-problems.ts';

/** What keeps hooks, guardrails and sinks from running. Types tell it as well, but not to those who write JavaScript. */
export function pluginProblems({ hooks = [], guardrails = [], sinks = [], identify, identities = [], onError }: GatewayOptions): ConfigurationProblem[] {
  return [
    ...hooks.flatMap((hook, index) => hookProblems(hook, `hooks[${index}]`)),
    ...guardrails.flatMap((use, index) => guardrailProblems(use, `guardrails[${index}]`)),
    ...sinks.flatMap(({ write }, index) => notAFunction(`sinks[${index}].write`, write)),
    ...identityProblems(identities),
    ...(identify === undefined ? [] : notAFunction('identify', identify)),
    ...(onError === undefined ? [] : notAFunction('onError', onError)),
  ];
}

function hookProblems(input: HookInput, place: string): ConfigurationProblem[] {
  if (!input) return [];
  if (isList(input)) return input.flatMap((hook, index) => hookProblems(hook, `${place}[${index}]`));
  return [...notOneOf(`${place}.phase`, input.phase, PHASES), ...notAFunction(`${place}.handle`, input.handle)];
}

function isList(input: HookInput): input is Extract<HookInput, readonly unknown[]> {
  return Array.isArray(input);
}

const DIRECTIONS = ['input', 'output'];
const MODES = ['buffer', 'window', 'observe'];

function guardrailProblems({ guardrail, on, stream }: GuardrailUse, place: string): ConfigurationProblem[] {
  return [
    ...notAFunction(`${place}.guardrail.check`, guardrail?.check),
    ...(Array.isArray(on) && on.length > 0
      ? []
      : [{ place: `${place}.on`, message: `has to be a list of ${DIRECTIONS.join(' and ')}; otherwise it would never run` }]),
    ...(Array.isArray(on) ? on.flatMap((direction: string, index) => notOneOf(`${place}.on[${index}]`, direction, DIRECTIONS)) : []),
    ...(stream === undefined ? [] : notOneOf(`${place}.stream.mode`, stream.mode, MODES)),
  ];
}

function notOneOf(place: string, value: string, known: readonly string[]): ConfigurationProblem[] {
  if (known.includes(value)) return [];
  const suggestion = didYouMean(String(value), known);
  return [{ place, message: `'${value}' is none of ${known.join(', ')}.`, ...(suggestion === undefined ? {} : { suggestion }) }];
}
