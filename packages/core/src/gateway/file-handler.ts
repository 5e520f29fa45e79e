import { BatchBook } from '../files/batch-book.ts';
import { BatchLookout } from '../files/batch-lookout.ts';
import { fileCalls } from '../files/file-calls.ts';
import { ObjectIds } from '../files/object-ids.ts';
import { ObjectIndex } from '../files/object-index.ts';
import { OpenBatches } from '../files/open-batches.ts';
import { placeCall } from '../files/place-call.ts';
import { settling } from '../files/settling.ts';
import { ASSUMED_PAID_TOKENS } from '../hooks/admission/plan.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { compose } from '../pipeline/compose.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler, Hook, Phase } from '../pipeline/hook.ts';
import { settledBy } from '../pipeline/later-cost.ts';
import { isList } from '../pipeline/operations.ts';
import { mappingOf, providerOf } from '../provider/provider-of.ts';
import type { Supports } from '../routing/group-plan.ts';
import type { Store } from '../store/store.ts';
import { checkRequest } from './check-request.ts';
import type { GatewayOptions } from './options.ts';
import { saltKeysOf } from './salt-keys.ts';

export type FileHandlerParts = {
  readonly hooks: readonly Hook[];
  readonly models: ModelRegistry;
  readonly store: Store;
  readonly supports: Supports;
  readonly call: Handler;
  readonly ids: ObjectIds;
  /** Runs a call of the gateway's own. */
  readonly run: (ctx: Context) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
};

/** What the gateway does about files and batches: for callers, and by itself. */
export type FileHandling = {
  readonly handle: Handler;
  /** Looks at no batch any more, and resolves when what was begun is over. */
  close(): Promise<void>;
};

const MINUTE_MS = 60_000;

/** Without a secret, ids are good for as long as these are. */
export function objectIds(options: GatewayOptions): ObjectIds {
  return new ObjectIds(...saltKeysOf(options));
}

/**
 * Answers calls about files and batches, and looks at those batches that nobody asks about. Lists pass all hooks but
 * those of the router: no deployment is chosen.
 */
export function fileHandling(options: GatewayOptions, parts: FileHandlerParts): FileHandling {
  const { hooks, models, store, supports, call, ids, run, onError } = parts;
  const { lookEveryMs = 10 * MINUTE_MS, overdueAfterMs = 25 * 60 * MINUTE_MS } = options.batches ?? {};
  const find = providerOf(options.providers ?? []);
  const place = placeCall({ ids, models, supports });
  const open = new OpenBatches(store);
  const book = new BatchBook({
    call,
    ids,
    index: new ObjectIndex(store),
    store,
    models,
    open,
    overdueAfterMs,
    onOpened: () => lookout?.wake(),
    settle: (found) => settlement.settle(found),
    onError,
  });
  const answer = fileCalls({
    book,
    call,
    ids,
    index: new ObjectIndex(store),
    store,
    models,
    takesForeign: options.takesForeignFileIds !== false,
    mappingOf: (deployment, operation) => mappingOf(find(deployment), operation, deployment),
    assumedOutputTokens: options.budget?.assumedOutputTokens ?? ASSUMED_PAID_TOKENS,
  });
  const settlement = settling({ book, models, run });
  const lookout =
    lookEveryMs === false
      ? undefined
      : new BatchLookout({ call, models, open, everyMs: lookEveryMs, settle: settlement.settle, isSettled: ({ ref }) => book.isSettled(ref), onError });
  // A store of this process has no batches before the first is begun.
  if (options.store) lookout?.wake();

  const runOne = compose([...hooks, checkRequest, place], answer);
  const runList = compose([...hooks.filter(({ phase }) => phase !== 'router'), checkRequest, place], answer);
  const runSettling = compose([...hooks.filter(({ phase }) => SETTLES.has(phase)), checkRequest], settlement.handle);
  return {
    handle: (ctx) => (ctx.get(settledBy) ? runSettling : isList(ctx.operation) ? runList : runOne)(ctx),
    close: async () => lookout?.close(),
  };
}

/** What still concerns a call that nobody makes: it is recorded, and somebody pays for it. */
const SETTLES: ReadonlySet<Phase> = new Set<Phase>(['logger', 'rate-limit', 'budget']);
