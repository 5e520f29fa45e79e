export { callOf } from '@sluice/core';
export { gateway, type KoaGateway, type KoaGatewayOptions, type MountOptions } from './gateway.ts';
