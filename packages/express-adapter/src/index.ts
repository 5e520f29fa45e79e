export { callOf } from '@sluice/core';
export { type ExpressGateway, type ExpressGatewayOptions, gateway, type MountOptions } from './gateway.ts';
