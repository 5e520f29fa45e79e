import { GatewayError } from '../errors/gateway-error.ts';
import type { Reply } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';

/** @throws GatewayError `upstream_invalid_answer` */
export function bodyOf(reply: Reply): JsonObject {
  if (reply.kind === 'complete') return reply.body.value;
  throw new GatewayError('upstream_invalid_answer', 'The provider did not answer with JSON');
}

/** The provider's name for what it has made. @throws GatewayError `upstream_invalid_answer` */
export function idOf({ id }: JsonObject): string {
  if (typeof id === 'string' && id !== '') return id;
  throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'id'");
}
