import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { carefully } from '../errors/warn.ts';
import { createGateway, type Gateway } from '../gateway/create-gateway.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import { routeNotFound } from '../http/error-reply.ts';
import type { HttpRequest } from '../http/http-types.ts';
import type { Principal } from '../types/principal.ts';
import type { MaybePromise } from '../types/json.ts';
import { harden } from './harden.ts';
import { hostOptions } from './host-options.ts';
import { belowMount, mountPath } from './mount-path.ts';
import { type PolicyNamer, policyNamer, type PolicyOptions } from './name-policy.ts';
import { refuse, serve } from './serve.ts';
import { attachUpgrades } from './upgrade.ts';

/** For requests that come to the gateway before, or without, their framework. */
export type BareOptions = {
  /** Where the gateway is mounted. Default: everywhere. */
  readonly path?: string;
  /** Whom a request is made for. Has to be given where `identify` reads what a framework prepares. */
  readonly identify?: (req: IncomingMessage) => MaybePromise<Principal | undefined>;
};

export type HandlerOptions = BareOptions & { readonly policy?: PolicyOptions };

/** The gateway with all that Node's HTTP servers need, whatever the framework. */
export type NodeGateway = Gateway & {
  /** Checks a policy and gives it a name that lasts. @throws ConfigurationError */
  readonly namePolicy: PolicyNamer;
  /** A listener in front of `app`, which gets what is not the gateway's; without `app` that is refused with 404. */
  handler(app?: RequestListener, options?: HandlerOptions): RequestListener;
  /** Answers upgrade requests under the mount, and no others. Returns what undoes it. */
  attach(server: Server, options?: BareOptions): () => void;
  readonly harden: typeof harden;
};

type Admission = Pick<HttpRequest, 'host' | 'principal'>;

const NOBODY: Admission = {};

/**
 * A gateway for Node's own HTTP server, and what the adapters for frameworks are made from. `framework` names the one
 * whose requests `identify` reads, if any.
 * @throws ConfigurationError naming every mistake.
 */
export function nodeGateway<Host = IncomingMessage>(options: GatewayOptions<Host> = {}, framework?: string): NodeGateway {
  const complete = hostOptions(options);
  // The pipeline hands `identify` what the adapter has handed in, which is a Host.
  const gateway = createGateway(complete as GatewayOptions);
  const namePolicy = policyNamer(
    gateway.models,
    (complete.guardrails ?? []).map(({ guardrail }) => guardrail.name),
  );

  /** Who says whom a bare request is made for: the gateway's own `identify` only where it reads bare requests. */
  function admission(identify: BareOptions['identify'], place: string): (req: IncomingMessage) => MaybePromise<Admission> {
    if (identify) return async (req) => ({ principal: await identify(req) });
    if (framework === undefined) return (req) => ({ host: req });
    if (complete.identify) {
      throw new ConfigurationError([
        { place, message: `has to be given: the gateway's own \`identify\` reads requests of ${framework}, and here they come without it` },
      ]);
    }
    return () => NOBODY;
  }

  function handler(app?: RequestListener, { path = '/', identify, policy: demands }: HandlerOptions = {}): RequestListener {
    const mount = mountPath(path, 'handler.path');
    const admit = admission(identify, 'handler.identify');
    const policy = demands && namePolicy(demands);
    const strict = app === undefined;

    function answer(url: string, { host, principal }: Admission, req: IncomingMessage, res: ServerResponse): void {
      const served = serve(gateway.handle, req, res, { url, policy, strict, host, principal });
      if (served) served.catch((error: unknown) => fail(error, res));
      else app?.(req, res);
    }

    /** A refusal has been written by then: what comes here is a defect, the host's or ours. */
    function fail(error: unknown, res: ServerResponse): void {
      if (complete.onError) carefully(complete.onError)(error);
      refuse(error, res);
    }

    return (req, res) => {
      const url = belowMount(req.url ?? '/', mount);
      if (url === undefined) {
        if (app) app(req, res);
        else refuse(routeNotFound(req.method ?? 'GET', req.url ?? '/'), res);
        return;
      }
      const admitted = admit(req);
      if (!(admitted instanceof Promise)) answer(url, admitted, req, res);
      else
        admitted.then(
          (known) => answer(url, known, req, res),
          (error: unknown) => fail(error, res),
        );
    };
  }

  function attach(server: Server, { path = '/', identify }: BareOptions = {}): () => void {
    return attachUpgrades(gateway.handle, server, { path: mountPath(path, 'attach.path'), admit: admission(identify, 'attach.identify') });
  }

  return { ...gateway, namePolicy, handler, attach, harden };
}
