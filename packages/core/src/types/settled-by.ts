/**
 * What has brought it about that a batch is charged: a caller who has asked, a look in the background, or the deadline,
 * after which it is charged with the most that it may have cost.
 */
export type SettledBy = 'asked' | 'look' | 'deadline';
