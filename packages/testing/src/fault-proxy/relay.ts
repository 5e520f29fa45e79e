import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProxyFault, Way } from './proxy-fault.ts';

export type Relayed = {
  readonly from: Socket;
  readonly to: Socket;
  readonly way: Way;
  /** Asked for every piece, since it may change. */
  readonly fault: () => ProxyFault;
};

const TICK_MS = 10;

/** Hands on what comes from one socket to the other, its end included, as far as the fault lets it. */
export function relay({ from, to, way, fault }: Relayed): void {
  let passed = 0;
  let isSwallowing = false;

  async function hand(piece: Buffer): Promise<void> {
    const now = fault();
    const due = isSwallowing ? piece.subarray(0, 0) : piece.subarray(0, roomFor(now, way, passed));
    if (due.length > 0) await pass(due, to, now);
    passed += due.length;
    // What still comes is read, so that the sender does not notice.
    if (roomFor(now, way, passed) > 0 || isSwallowing) return;
    isSwallowing = true;
    if (now.kind === 'cut') end(from, to, now.how);
    if (now.kind === 'half-close') to.end();
  }

  // An end may be told while the last piece is still on its way.
  let handed = Promise.resolve();
  from.on('data', (piece: Buffer) => {
    from.pause();
    handed = hand(piece).then(() => void from.resume());
  });
  from.on('end', () => void handed.then(() => isSwallowing || to.end()));
  from.on('close', (hasFailed) => void handed.then(() => isSwallowing || to.destroyed || leave(to, hasFailed ? 'rst' : 'fin')));
}

function roomFor(fault: ProxyFault, way: Way, passed: number): number {
  switch (fault.kind) {
    case 'cut':
    case 'half-close':
    case 'stall':
      return (fault.way ?? 'answer') === way ? Math.max(0, fault.at - passed) : Number.POSITIVE_INFINITY;
    case 'black-hole':
      return 0;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

async function pass(bytes: Buffer, to: Socket, fault: ProxyFault): Promise<void> {
  if (fault.kind === 'delay') await wait(fault.ms);
  const step = fault.kind === 'throttle' ? Math.max(1, Math.floor((fault.bytesPerSecond * TICK_MS) / 1000)) : bytes.length;
  for (let at = 0; at < bytes.length && !to.destroyed; at += step) {
    if (!to.write(bytes.subarray(at, at + step))) await drained(to);
    if (fault.kind === 'throttle') await wait(TICK_MS);
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

function end(from: Socket, to: Socket, how: 'fin' | 'rst'): void {
  leave(to, how);
  leave(from, how);
}

function leave(socket: Socket, how: 'fin' | 'rst'): void {
  if (how === 'rst') socket.resetAndDestroy();
  else socket.destroySoon();
}
