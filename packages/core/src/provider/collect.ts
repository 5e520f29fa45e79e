import { GatewayError } from '../errors/gateway-error.ts';
import type { MaybePromise } from '../types/json.ts';
import { UpstreamBody } from './upstream-body.ts';

/**
 * The whole of a body, at once where it has all arrived.
 * @throws GatewayError `upstream_invalid_answer` past `limitBytes`.
 */
export function collect(body: AsyncIterableIterator<Uint8Array>, limitBytes: number): MaybePromise<Buffer> {
  return (body instanceof UpstreamBody ? body.takeIfWhole(limitBytes) : undefined) ?? gather(body, limitBytes);
}

async function gather(body: AsyncIterableIterator<Uint8Array>, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let result = await body.next(); !result.done; result = await body.next()) {
    chunks.push(result.value);
    size += result.value.length;
    if (size > limitBytes) {
      await body.return?.();
      throw new GatewayError('upstream_invalid_answer', `The provider's answer is over ${limitBytes} bytes`);
    }
  }
  const [only] = chunks;
  return chunks.length === 1 && only && Buffer.isBuffer(only) ? only : Buffer.concat(chunks);
}
