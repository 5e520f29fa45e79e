import type { GatewayOptions, Policy } from '@sluice/core';
import { fromHostError, type NodeGateway, nodeGateway, type PolicyOptions, refuse, serve } from '@sluice/core/node';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';

/** How one mount behaves towards its app. */
export type MountOptions = {
  /** Refuses unknown paths under the mount with 404 in OpenAI's shape, in place of `next()`. */
  readonly strict?: boolean | undefined;
  /** Answers refusals in OpenAI's shape (`respond`, default), or hands them to the app's error middleware as GatewayErrors. */
  readonly errors?: 'respond' | 'next' | undefined;
};

/** `R` is the request as `identify` gets it, with what the app's own middleware has put on it. */
export type ExpressGatewayOptions<R extends Request = Request> = GatewayOptions<R> & MountOptions;

/** A middleware that also is the gateway. */
export type ExpressGateway = RequestHandler &
  Omit<NodeGateway, 'namePolicy'> & {
    /** Another middleware over the same gateway, which demands more of what passes it. @throws ConfigurationError */
    policy(policy: PolicyOptions, mount?: MountOptions): RequestHandler;
    /** Says in OpenAI's shape why a body parser before the gateway refused a body; other errors go on. Mount it last, on the same path. */
    readonly errorHandler: ErrorRequestHandler;
  };

/**
 * The gateway for Express 4 and 5. Options left out are found: providers among the app's dependencies, credentials in
 * the environment, a configuration file beside package.json.
 * @throws ConfigurationError naming every mistake.
 *
 * @example
 * app.use('/ai', gateway());
 */
export function gateway<R extends Request = Request>(options: ExpressGatewayOptions<R> = {}): ExpressGateway {
  const { strict, errors, ...rest } = options;
  const { namePolicy, ...node } = nodeGateway<R>(rest as GatewayOptions<R>, 'Express');

  function mount({ strict, errors }: MountOptions, policy?: Policy): RequestHandler {
    return (req, res, next) => {
      const served = serve(node.handle, req, res, { host: req, kept: req, clientAddress: req.ip, policy, strict, errors });
      if (served) served.catch(next);
      else next();
    };
  }

  return Object.assign(mount({ strict, errors }), node, {
    policy: (policy: PolicyOptions, own: MountOptions = {}) => mount(own, namePolicy(policy)),
    errorHandler,
  });
}

const errorHandler: ErrorRequestHandler = (error, _req, res, next) => {
  const refusal = res.headersSent ? undefined : fromHostError(error);
  if (refusal) refuse(refusal, res);
  else next(error);
};
