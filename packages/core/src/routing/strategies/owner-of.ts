import type { RoutedCall } from '../../types/strategy.ts';

/** What keeps calls together: who makes them, or the conversation they belong to. */
export const OWNERS = ['user', 'key', 'team', 'session'] as const;
export type Owner = (typeof OWNERS)[number];

/** Names whom or what a call belongs to; nothing where nobody says. */
export function ownerOf({ principal, request, session }: RoutedCall, owner: Owner): string | undefined {
  switch (owner) {
    case 'user':
      return typeof request.user === 'string' ? request.user : (principal?.userId ?? principal?.keyId);
    case 'key':
      return principal?.keyId;
    case 'team':
      return principal?.teamId ?? principal?.keyId;
    case 'session':
      return session;
  }
}
