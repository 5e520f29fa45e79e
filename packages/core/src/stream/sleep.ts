import { GatewayError } from '../errors/gateway-error.ts';
import type { LazyAbortController } from './lazy-abort-controller.ts';

/** Sleeps, and ends early when the caller leaves. @throws GatewayError `aborted` */
export function sleep(ms: number, controller: LazyAbortController): Promise<void> {
  return new Promise((resolve, reject) => {
    function leave(): void {
      clearTimeout(timer);
      reject(new GatewayError('aborted', 'The caller has left'));
    }
    const timer = setTimeout(() => {
      controller.offAbort(leave);
      resolve();
    }, ms);
    controller.onAbort(leave);
    if (controller.isAborted) leave();
  });
}
