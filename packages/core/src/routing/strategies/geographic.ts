import { defineStrategy } from '../define-strategy.ts';
import type { Deployment } from '../../types/model.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { lowest } from './lowest.ts';
import { type Place, placeOf } from './regions.ts';

export type GeographicOptions = {
  /** Where the gateway runs: a region, or latitude and longitude in degrees. For callers who do not say where they are. */
  readonly here: string | Place;
  /** Where a caller is. Default: the header `x-sluice-location`, a region or `latitude,longitude`. */
  readonly from?: (call: RoutedCall) => string | Place | undefined;
  /** Places of regions of your own, or in place of those that are known. */
  readonly regions?: Readonly<Record<string, Place>>;
};

const EARTH_KM = 6371;

/** The nearest deployment, over the surface of the earth. One whose region is not known comes last. */
export function geographic({ here, from = fromHeader, regions = {} }: GeographicOptions): Strategy {
  const find = (where: string | Place | undefined): Place | undefined => (typeof where === 'string' ? (regions[where] ?? placeOf(where)) : where);
  const home = find(here);
  const score = ({ region }: Deployment, call: RoutedCall): number | undefined => {
    const [caller, place] = [find(from(call)) ?? home, find(region)];
    return caller && place && Math.round(kilometres(caller, place));
  };
  return defineStrategy({
    name: 'geographic',
    pick: (candidates, call) => lowest(candidates, call, score),
    score,
    reason(deployment, call) {
      const distance = score(deployment, call);
      return distance === undefined ? 'nobody says where they are' : `the nearest, ${distance} km away`;
    },
  });
}

function fromHeader({ headers }: RoutedCall): string | undefined {
  const said = headers['x-sluice-location'];
  return typeof said === 'string' ? said : undefined;
}

/** By the haversine formula. */
function kilometres([latitudeA, longitudeA]: Place, [latitudeB, longitudeB]: Place): number {
  const half = (a: number, b: number): number => Math.sin(((b - a) * Math.PI) / 360) ** 2;
  const across = Math.cos((latitudeA * Math.PI) / 180) * Math.cos((latitudeB * Math.PI) / 180);
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half(latitudeA, latitudeB) + across * half(longitudeA, longitudeB))));
}
