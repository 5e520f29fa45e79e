import { type Deployment, unsupportedParameter } from '@sluice/core';

/**
 * Says of a parameter that it cannot be honoured: throws, or where the deployment says `drop_params` just returns,
 * and the parameter is left out.
 */
export type Refuse = (param: string, reason?: string) => void;

/** @throws GatewayError `unsupported_parameter`, from the function it gives back. */
export function refuser({ provider, options }: Deployment): Refuse {
  return (param, reason) => {
    if (options?.drop_params !== true) throw unsupportedParameter(param, provider, reason);
  };
}
