import { AwsV4Signer } from 'aws4fetch';
import { type Deployment, GatewayError, type MaybePromise, type WireRequest } from '@sluice/core';
import { type AwsSettings, type Environment, settingsIn, settingsOf } from './aws-settings.ts';
import { canResolve, CHAIN_PACKAGE, keysOf } from './credential-chain.ts';
import { type AwsKeys, halfKeys, type Identity, identityIn } from './identity.ts';

export type AwsService = {
  /** As signatures name it, such as `bedrock`. */
  readonly name: string;
  /** Holds a key for this service in the environment, where it takes one in place of a signature. */
  readonly bearerVariable?: string;
  readonly options: AwsSettings;
  readonly env: Environment;
};

export type AwsAccess = {
  readonly region: string | undefined;
  readonly identity: Identity;
};

export type AwsSigner = {
  accessOf(deployment: Deployment): AwsAccess;
  sign(wire: WireRequest, deployment: Deployment): MaybePromise<WireRequest>;
  /** What would keep a call from being signed. */
  problemsOf(deployment: Deployment): readonly string[];
};

type Known = AwsAccess & { readonly keys: (() => MaybePromise<AwsKeys>) | undefined };

/** Signs the calls of each deployment, by signature version 4 or with its bearer key. `regionIn` reads a region from the deployment itself. */
export function awsSigner(service: AwsService, regionIn: (deployment: Deployment) => string | undefined): AwsSigner {
  const known = new WeakMap<Deployment, Known>();
  const signingKeys = new Map<string, ArrayBuffer>();
  const fromEnvironment = settingsIn(service.env, service.bearerVariable);
  const placesOf = (deployment: Deployment): readonly AwsSettings[] => [settingsOf(deployment), service.options, fromEnvironment];

  function knownOf(deployment: Deployment): Known {
    const found = known.get(deployment);
    if (found) return found;
    const places = placesOf(deployment);
    const [own, options, environment] = places;
    const region = own?.region ?? regionIn(deployment) ?? options?.region ?? environment?.region;
    const identity = identityIn(places);
    const made: Known = { region, identity, keys: identity.kind === 'bearer' ? undefined : keysOf(identity, region) };
    known.set(deployment, made);
    return made;
  }

  return {
    accessOf: knownOf,
    sign(wire, deployment) {
      const { identity, keys, region } = knownOf(deployment);
      if (identity.kind === 'bearer') return { ...wire, headers: { ...wire.headers, authorization: `Bearer ${identity.key.reveal()}` } };
      const found = keys?.();
      if (found === undefined || region === undefined)
        throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' has no region or no keys`);
      const signWith = (pair: AwsKeys): Promise<WireRequest> => signed(wire, { ...pair, region, service: service.name, cache: signingKeys });
      return found instanceof Promise ? found.then(signWith) : signWith(found);
    },
    problemsOf(deployment) {
      const { identity, region } = knownOf(deployment);
      return [
        ...(placesOf(deployment).some(halfKeys) ? ['Keys of AWS come in pairs: set both aws_access_key_id and aws_secret_access_key.'] : []),
        ...(region === undefined && identity.kind !== 'bearer' ? ['It needs a region: set options.aws_region_name, or AWS_REGION in the environment.'] : []),
        ...(canResolve(identity) ? [] : [`It has no keys: set ${waysIn(service)}; or install ${CHAIN_PACKAGE}, which reads profiles, roles and machines.`]),
      ];
    },
  };
}

function waysIn({ bearerVariable }: AwsService): string {
  const keys = 'aws_access_key_id and aws_secret_access_key in options, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment';
  return bearerVariable === undefined ? keys : `apiKey (api_key), or ${bearerVariable} in the environment; ${keys}`;
}

type SignWith = AwsKeys & { readonly region: string; readonly service: string; readonly cache: Map<string, ArrayBuffer> };

async function signed(wire: WireRequest, by: SignWith): Promise<WireRequest> {
  const { url, method = 'POST', headers, body } = wire;
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array))
    throw new GatewayError('internal', 'A body that is not whole cannot be signed');
  const signer = new AwsV4Signer({ url, method, headers, ...(body !== undefined && { body }), ...by });
  const result = await signer.sign();
  return { ...wire, headers: Object.fromEntries(result.headers) };
}
