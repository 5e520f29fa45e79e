import { warn } from '../errors/warn.ts';
import { admission } from '../hooks/admission.ts';
import type { Directory } from '../directory/directory.ts';
import { attribution } from '../hooks/attribution.ts';
import { auth } from '../hooks/auth.ts';
import { cache } from '../hooks/cache/cache.ts';
import { demands } from '../hooks/demands.ts';
import { gate } from '../hooks/gate.ts';
import { guardrail } from '../hooks/guardrail/guardrail.ts';
import type { AskGateway } from '../hooks/guardrail/judge.ts';
import { logger } from '../hooks/logger/logger.ts';
import { markScreened } from '../hooks/logger/mark-screened.ts';
import { mirror } from '../hooks/mirror.ts';
import { router } from '../hooks/router.ts';
import { telemetry } from '../hooks/telemetry/telemetry.ts';
import { admits } from '../http/route-book.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Hook } from '../pipeline/hook.ts';
import { remade } from '../pipeline/remade.ts';
import type { Routing } from '../routing/routing.ts';
import type { Store } from '../store/store.ts';
import { budgetAlertTeller } from './budget-alert-teller.ts';
import type { Client } from './client.ts';
import { copySender } from './copy-sender.ts';
import { knownSecrets } from './known-secrets.ts';
import type { GatewayOptions } from './options.ts';
import { voucher } from './voucher.ts';

/** What the hooks of one gateway share. */
export type BuiltFrom = {
  readonly models: ModelRegistry;
  readonly ring: KeyRing;
  readonly directory: Directory | undefined;
  readonly store: Store;
  readonly routing: Routing;
  /** For calls of the gateway's own. Asked for only when there is one. */
  readonly client: () => Client;
  /** Asked by guardrails, once calls come. */
  readonly ask: AskGateway;
  /** The options as they are now. */
  readonly now: () => GatewayOptions;
};

/** The product, assembled from its own plugins: every built-in hook there is, then the caller's. */
export function builtInHooks(options: GatewayOptions, { models, ring, directory, store, routing, client, ask, now }: BuiltFrom): Hook[] {
  const { identify, access = {}, guardrails = [], sinks = [], ledger, onError = warn } = options;
  return [
    (sinks.length > 0 || ledger !== undefined) &&
      logger({
        sinks,
        ledger,
        secrets: knownSecrets(models, options.masterKey),
        quoteErrors: options.quoteErrors,
        recordMessages: options.recordMessages,
        onError,
      }),
    options.telemetry !== false && telemetry(),
    (access.allowFrom ?? access.denyFrom) !== undefined && gate(access),
    auth({
      models,
      ring,
      identify,
      admits,
      publicRoutes: access.publicRoutes,
      vouch: voucher({ ...options, onError }, { directory, store }),
      steps: [demands({ ...access, admits }), attribution({ directory, calendar: options.budget?.calendar, endUserHeaders: access.endUserHeaders })],
      isOpen: options.auth === false,
    }),
    remade(now, ({ allowance = {}, limits, budget, onStoreError }) =>
      admission({
        store,
        ...routing.reach.options,
        allowance,
        unpriced: budget?.unpriced,
        assumedOutputTokens: { limits: limits?.assumedOutputTokens, budget: budget?.assumedOutputTokens },
        onStoreError,
        ledger,
        priority: limits?.priority,
        alertAt: budget?.alertAt,
        onAlert: budgetAlertTeller({ sinks, onAlert: budget?.onAlert, onError }),
        onError,
      }),
    ),
    guardrail({ guardrails, onError, ask }),
    options.recordMessages === true && markScreened(),
    options.cache !== undefined && options.cache !== false && cache({ store, ...(options.cache === true ? {} : options.cache), onError }),
    mirror({ reach: routing.reach, send: copySender(client) }),
    router(routing),
    ...(options.hooks ?? []),
  ]
    .flat()
    .filter((hook) => hook !== false && hook !== undefined);
}
