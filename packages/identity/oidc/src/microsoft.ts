import type { ConfigurationProblem } from '@sluice/core';
import type { OidcOptions } from './options.ts';

const TENANT = /^\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:\/|$)/i;
/** https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference: all accounts that are nobody's tenant. */
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** An issuer of Microsoft's calls itself by the id of a tenant, whatever it was asked by, so by another name every login fails. */
export function tenantProblems({ issuer, trustsEmails, makesUsers, allowedEmailDomains, allowedRoles }: OidcOptions): ConfigurationProblem[] {
  const { hostname, pathname } = URL.canParse(issuer) ? new URL(issuer) : new URL('x:');
  if (hostname !== 'login.microsoftonline.com') return [];
  if (!TENANT.test(pathname))
    return [
      { place: 'issuer', message: 'It has to name your own tenant, by its id: https://login.microsoftonline.com/01234567-89ab-cdef-0123-456789abcdef/v2.0.' },
    ];
  const makesAnybody = makesUsers === true && !allowedEmailDomains && !allowedRoles;
  if (!pathname.toLowerCase().startsWith(`/${CONSUMERS}`) || !(trustsEmails || makesAnybody)) return [];
  return [
    {
      place: trustsEmails ? 'trustsEmails' : 'makesUsers',
      message: 'Anybody may have an account in the tenant of consumers: name your own, or say nothing of this and put people into the directory.',
    },
  ];
}
