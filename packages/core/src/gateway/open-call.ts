import { randomUUID } from 'node:crypto';
import { managementRequest } from '../admin/management.ts';
import type { HttpRequest } from '../http/http-types.ts';
import type { IncomingCall } from '../http/read-call.ts';
import type { Shown } from '../http/read-shown.ts';
import { markCall } from '../pipeline/call-of.ts';
import { Context } from '../pipeline/context.ts';
import { refusal } from './check-request.ts';

/** A call as it came over HTTP, with what was wrong in it, which is told after auth. */
export function openCall(call: IncomingCall, from: HttpRequest, { credentials, fault }: Shown): Context {
  const ctx = new Context({
    id: randomUUID(),
    operation: call.operation,
    request: call.request,
    received: call.received,
    upload: call.upload,
    source: { credentials, fault, host: from.host, clientAddress: from.clientAddress, headers: from.headers },
    principal: from.principal,
    policy: from.policy,
    controller: from.controller,
  });
  if (call.fault) ctx.set(refusal, call.fault);
  if (call.managed) ctx.set(managementRequest, call.managed);
  markCall(from.host, ctx);
  return ctx;
}
