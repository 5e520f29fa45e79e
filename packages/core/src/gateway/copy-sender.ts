import { GatewayError } from '../errors/gateway-error.ts';
import type { Copy } from '../hooks/mirror.ts';
import type { CallOptions } from './call-options.ts';
import type { Client } from './client.ts';

/** Makes copies of calls, as calls of the gateway's own, and reads what comes to its end. */
export function copySender(client: () => Client): (copy: Copy) => Promise<void> {
  return async ({ operation, request, principal, policy }) => {
    const options: CallOptions = { principal, ...(policy && { policy }) };
    const answer = await create(client(), operation)(request, options);
    if (Symbol.asyncIterator in answer) for await (const _ of answer as AsyncIterable<unknown>);
  };
}

type Create = (request: Copy['request'], options: CallOptions) => Promise<object>;

function create(client: Client, operation: Copy['operation']): Create {
  switch (operation) {
    case 'chat':
      return client.chat.completions.create as Create;
    case 'completions':
      return client.completions.create as Create;
    case 'embeddings':
      return client.embeddings.create;
    case 'moderations':
      return client.moderations.create;
    case 'rerank':
      return client.rerank.create;
    case 'responses':
      return client.responses.create as Create;
    default:
      throw new GatewayError('unsupported_operation', `Calls of '${operation}' are not copied`);
  }
}
