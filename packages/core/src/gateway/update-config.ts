import type { ConfigurationProblem } from '../errors/configuration-error.ts';
import type { Routing } from '../routing/routing.ts';
import type { LiveModels } from './models/live-models.ts';
import type { GatewayOptions } from './options.ts';
import { isOption } from './validate/unknown-options.ts';

/** What can be changed while a gateway runs. Of an object, only the fields that are given change; `undefined` takes one away. */
const CHANGEABLE = [
  'models',
  'aliases',
  'router',
  'allowance',
  'limits',
  'budget',
  'prices',
  'parameterRules',
  'defaults',
  'timeoutMs',
  'idleTimeoutMs',
  'maxAnswerBytes',
] as const satisfies readonly (keyof GatewayOptions)[];

/** Objects whose fields change one by one. */
const BY_FIELD: ReadonlySet<string> = new Set(['router', 'allowance', 'limits', 'budget', 'prices', 'defaults', 'aliases']);

/** Of those, what is settled at the start. */
const SETTLED: Readonly<Record<string, string>> = {
  shareCooldowns: 'router.shareCooldowns',
};

export type ConfigUpdate = { readonly [K in (typeof CHANGEABLE)[number]]?: ByField<GatewayOptions[K]> | undefined };

type ByField<T> = T extends readonly unknown[] | string | number ? T : { readonly [F in keyof T]?: T[F] | undefined };

export type UpdaterParts = { readonly live: LiveModels; readonly routing: Routing };

/**
 * Changes options of a gateway that runs: for calls to come, and all of it or nothing.
 * @throws ConfigurationError naming every mistake, and every option that cannot be changed any more.
 */
export function configUpdater({ live, routing }: UpdaterParts): (update: ConfigUpdate) => void {
  return (update) => {
    live.change(merged(live.options, update), 'updateConfig', settledProblems(update));
    routing.configure(live.options.router ?? {});
  };
}

function settledProblems(update: ConfigUpdate): ConfigurationProblem[] {
  return [...Object.keys(update).filter(isSettled), ...Object.keys(update.router ?? {}).flatMap((name) => SETTLED[name] ?? [])].map((place) => ({
    place,
    message: 'cannot be changed while the gateway runs',
  }));
}

function isSettled(name: string): boolean {
  return isOption(name) && !(CHANGEABLE as readonly string[]).includes(name);
}

/** What is no option at all comes along, to be told so. */
function merged(options: GatewayOptions, update: ConfigUpdate): Partial<GatewayOptions> {
  const changing = Object.entries(update).filter(([name]) => !isSettled(name));
  return Object.fromEntries(
    changing.map(([name, value]) => [
      name,
      BY_FIELD.has(name) && value !== undefined
        ? withoutUndefined({ ...(options[name as keyof GatewayOptions] as object | undefined), ...(value as object) })
        : value,
    ]),
  );
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
