import { didYouMean } from '../errors/did-you-mean.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { type KeyRing, keyRing, type KnownKey, RESERVED_KEY_IDS } from '../keys/key-ring.ts';
import { mayUse } from '../models/may-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { isListOfModels, namedModels, severalNamed } from '../models/named-models.ts';
import { isAllowed } from '../models/wildcard.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { isLocal } from '../pipeline/operations.ts';
import { andThen } from '../stream/maybe-promise.ts';
import type { Operation } from '../types/call.ts';
import type { Principal } from '../types/principal.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { MaybePromise } from '../types/json.ts';

export type AuthOptions = {
  readonly models: ModelRegistry;
  /** The keys there are. Default: none. */
  readonly ring?: KeyRing;
  /** Asked first where a host framework made the call; the keys follow when it knows nobody. */
  readonly identify?: ((host: never) => MaybePromise<Principal | undefined>) | undefined;
  /** Asked for whom a credential stands that is no key: one answer for each team that the call may be made for. None: for nobody. */
  readonly vouch?: ((ctx: Context, credential: string) => MaybePromise<readonly KnownKey[]>) | undefined;
  /** Whether a list of routes, as a key may have one, admits an operation. Default: that none does. */
  readonly admits?: (routes: readonly string[], operation: Operation) => boolean;
  /** Routes that take calls without a key. */
  readonly publicRoutes?: readonly string[] | undefined;
  /** What else is asked of a call, and found out about it, once it is known who makes it; in this order. */
  readonly steps?: readonly ((ctx: Context) => void)[];
  /** Lets in everybody: who presents no known key is anonymous. */
  readonly isOpen?: boolean;
  /** Milliseconds since the epoch, for expiry. */
  readonly now?: () => number;
};

const ANONYMOUS: Principal = { keyId: RESERVED_KEY_IDS.anonymous };

/** Establishes whom a call is made for, and that they may use the model they name. */
export function auth(options: AuthOptions): Hook {
  const { models, ring = keyRing([]), identify, vouch, admits = () => false, publicRoutes, steps = [], isOpen = false, now = Date.now } = options;
  return {
    name: 'auth',
    phase: 'auth',
    handle(ctx, next) {
      return andThen(
        andThen(named(ctx), (principal) => principal ?? (isPublic(ctx) ? ANONYMOUS : found(ctx))),
        (principal) => {
          ctx.principal = principal;
          requireKeyId(principal);
          if (principal.allowedRoutes && !admits(principal.allowedRoutes, ctx.operation))
            throw new GatewayError('route_not_allowed', `This key may not use ${ctx.operation}`);
          ctx.request = aliased(ctx, principal);
          authorize(ctx, models);
          for (const step of steps) step(ctx);
          return next();
        },
      );
    },
  };

  function isPublic({ source, operation }: Context): boolean {
    return publicRoutes !== undefined && source.credentials.length === 0 && admits(publicRoutes, operation);
  }

  /** A credential that is no key may be another's, and a key that is not known a new one that another gateway has made. */
  function found(ctx: Context): MaybePromise<Principal> {
    const { credentials, fault } = ctx.source;
    if (fault) throw fault;
    const [credential] = credentials;
    const known = credential === undefined ? undefined : ring.find(credential);
    // The one way that nearly all calls go: a hash costs more than all the rest of this.
    if (known && credentials.length === 1) return unlocked(known, now());
    if (credential === undefined || known) return byCredential(credentials);
    if (!vouch || credentials.length > 1) return afterRefresh(credentials);
    return andThen(vouch(ctx, credential), (answers): MaybePromise<Principal> => {
      const chosen = chooseFor(ctx, answers);
      return chosen ? unlocked(chosen, now()) : afterRefresh(credentials);
    });
  }

  function afterRefresh(credentials: readonly string[]): MaybePromise<Principal> {
    return ring.refresh ? ring.refresh().then(() => byCredential(credentials)) : byCredential(credentials);
  }

  function named({ principal, source }: Context): MaybePromise<Principal | undefined> {
    return principal ?? (identify && source.host !== undefined ? identify(source.host as never) : undefined);
  }

  function byCredential(credentials: readonly string[]): Principal {
    if (isOpen && !credentials.some((credential) => ring.find(credential))) return ANONYMOUS;
    const [credential] = credentials;
    if (credential === undefined) throw new GatewayError('missing_credentials', "No key was presented. Send one as 'Authorization: Bearer <key>'.");
    if (credentials.length > 1) throw new GatewayError('duplicate_credentials', 'The call carries keys in more than one place; send exactly one');
    return unlock(ring, credential, now());
  }
}

function unlock(ring: KeyRing, credential: string, now: number): Principal {
  const known = ring.find(credential);
  if (!known) throw new GatewayError('invalid_credentials', 'The key is not known here');
  return unlocked(known, now);
}

function unlocked({ principal, isBlocked, expiresAt }: KnownKey, now: number): Principal {
  if (isBlocked) throw new GatewayError('key_blocked', 'The key, or somebody it stands for, is blocked');
  if (expiresAt !== undefined && expiresAt <= now) throw new GatewayError('key_expired', `The key has expired on ${new Date(expiresAt).toISOString()}`);
  return principal;
}

/** The first that could make the call; where none can, the first, which is then told why. */
function chooseFor(ctx: Context, answers: readonly KnownKey[]): KnownKey | undefined {
  const isAble = ({ principal, isBlocked }: KnownKey): boolean =>
    !isBlocked && (isLocal(ctx.operation) || namedModels(aliased(ctx, principal)).every((name) => mayUse({ principal, policy: ctx.policy }, name)));
  return answers.find(isAble) ?? answers[0];
}

/** A key may call models by names of its own; from here on the call is one for the model that is meant. */
function aliased({ request, operation }: Context, { modelAliases }: Principal): ModelRequest {
  const { model } = request;
  if (modelAliases === undefined || isLocal(operation) || !Object.hasOwn(modelAliases, model)) return request;
  return { ...request, model: modelAliases[model] as string };
}

/** Counters and the cache go by it: two principals without one would share their budget and their answers. */
function requireKeyId({ keyId }: Principal): void {
  if (typeof keyId !== 'string' || keyId === '') throw new GatewayError('internal', 'The principal that the host names has no keyId');
}

function authorize(ctx: Context, models: ModelRegistry): void {
  const { model } = ctx.request;
  // A malformed call may name none; it is refused as such, further in. Local answers show only what may be seen.
  if (isLocal(ctx.operation) || typeof model !== 'string' || model === '') return;
  for (const name of namedModels(ctx.request)) if (!mayUse(ctx, name)) throw notAllowed(ctx, name, models.names);
}

/** Suggests no model but those the caller may use. */
function notAllowed(ctx: Context, model: string, names: readonly string[]): GatewayError {
  if (isListOfModels(model, (name) => mayUse(ctx, name) && names.includes(name))) return severalNamed(model);
  const who = isAllowed(ctx.principal?.models, model) ? 'This address' : 'This key';
  const suggestion = didYouMean(
    model,
    names.filter((name) => !name.includes('*') && mayUse(ctx, name)),
  );
  return new GatewayError('model_not_allowed', `${who} may not use the model '${model}'.${suggestion === undefined ? '' : ` ${suggestion}`}`, {
    param: 'model',
  });
}
