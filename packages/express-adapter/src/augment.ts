import { callOf, type Context } from '@sluice/core';
import express from 'express';

declare global {
  // biome-ignore lint/style/noNamespace: it is the name under which Express's own types can be added to.
  namespace Express {
    interface Request {
      /** The call that this request has become, once the gateway has taken it. */
      readonly ai?: Context;
    }
  }
}

Object.defineProperty(express.request, 'ai', {
  configurable: true,
  get(this: object): Context | undefined {
    return callOf(this);
  },
});
