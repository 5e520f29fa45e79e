import { GatewayError } from '../errors/gateway-error.ts';
import { admits } from '../http/route-book.ts';
import type { Context } from '../pipeline/context.ts';
import type { BytesReply } from '../types/call.ts';
import type { GatewayOptions } from './options.ts';

/**
 * What the first sink that counts has counted. It names keys and teams, so it is for administrators, unless the route
 * was made public.
 */
export function metricsPage({ sinks = [], access, auth }: GatewayOptions): (ctx: Context) => BytesReply {
  const source = sinks.find(({ metrics }) => metrics !== undefined);
  const isOpen = auth === false || (access?.publicRoutes !== undefined && admits(access.publicRoutes, 'metrics'));

  return ({ principal }) => {
    if (!isOpen && principal?.isAdmin !== true) throw new GatewayError('admin_required', 'Only an administrator may read the figures');
    const page = source?.metrics?.();
    if (!page) throw new GatewayError('route_not_found', 'No sink of this gateway counts anything');
    return { kind: 'bytes', contentType: page.contentType, chunks: bytesOf(page.text) };
  };
}

async function* bytesOf(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of text) yield Buffer.from(piece);
}
