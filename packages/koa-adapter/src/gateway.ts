import type { GatewayOptions, Policy } from '@sluice/core';
import {
  belowMount,
  fromHostError,
  type HandlerOptions,
  type KeptBody,
  mountPath,
  type NodeGateway,
  nodeGateway,
  type PolicyOptions,
  refuse,
  serve,
} from '@sluice/core/node';
import type Application from 'koa';
import type { DefaultContext, DefaultState, Middleware, ParameterizedContext } from 'koa';

/** How one mount behaves towards its app. */
export type MountOptions = {
  /** Where the gateway is, when nothing like koa-mount takes the path off before it. */
  readonly prefix?: string | undefined;
  /** Refuses unknown paths under the mount with 404 in OpenAI's shape, in place of `next()`. */
  readonly strict?: boolean | undefined;
  /** Answers refusals in OpenAI's shape (`respond`, default), or throws them as GatewayErrors for the app to answer. */
  readonly errors?: 'respond' | 'next' | undefined;
};

export type KoaGatewayOptions<StateT = DefaultState, ContextT = DefaultContext> = GatewayOptions<ParameterizedContext<StateT, ContextT>> & MountOptions;

/** A middleware that also is the gateway. */
export type KoaGateway<StateT = DefaultState, ContextT = DefaultContext> = Middleware<StateT, ContextT> &
  Omit<NodeGateway, 'namePolicy' | 'handler'> & {
    /** Another middleware over the same gateway, which demands more of what passes it. @throws ConfigurationError */
    policy(policy: PolicyOptions, mount?: MountOptions): Middleware<StateT, ContextT>;
    /** A listener for `http.createServer` in front of the app, which gets what is not the gateway's. */
    handler(app: Application<StateT, ContextT>, options?: HandlerOptions): ReturnType<NodeGateway['handler']>;
    /** Says in OpenAI's shape why a body parser refused a body; other errors go on. Mount it above the parser, on the same path. */
    readonly errorHandler: Middleware<StateT, ContextT>;
  };

/**
 * The gateway for Koa 2 and 3. Options left out are found: providers among the app's dependencies, credentials in the
 * environment, a configuration file beside package.json.
 * @throws ConfigurationError naming every mistake.
 *
 * @example
 * app.use(gateway({ prefix: '/ai' }));
 * @example
 * app.use(mount('/ai', gateway()));
 */
export function gateway<StateT = DefaultState, ContextT = DefaultContext>(
  options: KoaGatewayOptions<NoInfer<StateT>, NoInfer<ContextT>> = {},
): KoaGateway<StateT, ContextT> {
  type Host = ParameterizedContext<StateT, ContextT>;
  const { prefix = '/', strict, errors, ...rest } = options;
  const { namePolicy, handler, ...node } = nodeGateway<Host>(rest as GatewayOptions<Host>, 'Koa');
  const path = mountPath(prefix, 'prefix');

  function mount({ prefix = '/', strict, errors }: MountOptions, policy?: Policy): Middleware<StateT, ContextT> {
    const path = mountPath(prefix, 'prefix');
    return (ctx, next) => {
      const url = belowMount(ctx.url, path);
      const served =
        url === undefined
          ? undefined
          : serve(node.handle, ctx.req, ctx.res, { url, host: ctx, kept: ctx.request as KeptBody, clientAddress: ctx.ip, policy, strict, errors });
      if (!served) return next();
      takeOver(ctx);
      return served.catch((error: unknown) => {
        ctx.respond = true;
        throw error;
      });
    };
  }

  const errorHandler: Middleware<StateT, ContextT> = async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const refusal = belowMount(ctx.url, path) === undefined || ctx.headerSent ? undefined : fromHostError(error);
      if (!refusal) throw error;
      takeOver(ctx);
      refuse(refusal, ctx.res);
    }
  };

  return Object.assign(mount({ prefix, strict, errors }), node, {
    policy: (policy: PolicyOptions, own: MountOptions = {}) => mount(own, namePolicy(policy)),
    handler: (app: Application<StateT, ContextT>, own?: HandlerOptions) => handler(app.callback(), own),
    errorHandler,
  });
}

/** Koa would otherwise answer 404 by itself, and report every caller who leaves as an error of the app. */
function takeOver(ctx: Pick<ParameterizedContext, 'respond' | 'onerror' | 'req'>): void {
  ctx.respond = false;
  // One function for all contexts: a closure in each of them costs as much as the rest of the adapter.
  if (!Object.hasOwn(ctx, 'onerror')) ctx.onerror = reportUnlessLeft;
}

/** What a socket says of a caller who leaves; the last one, of one who does so inside its own body. */
const LEFT = /^(?:ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/;

function reportUnlessLeft(this: Pick<ParameterizedContext, 'req'>, error: NodeJS.ErrnoException): void {
  if (LEFT.test(error?.code ?? '') && this.req.socket.destroyed) return;
  (Object.getPrototypeOf(this) as Pick<ParameterizedContext, 'onerror'>).onerror.call(this, error);
}
