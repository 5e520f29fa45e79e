/** Latitude and longitude in degrees. */
export type Place = readonly [latitude: number, longitude: number];

/** About where the regions of the large clouds are: the city or the state that the cloud itself names. */
const REGIONS: Readonly<Record<string, Place>> = {
  'us-east-1': [38.9, -77.4],
  'us-east-2': [40.0, -83.0],
  'us-west-1': [37.4, -122.0],
  'us-west-2': [45.8, -119.7],
  'ca-central-1': [45.5, -73.6],
  'sa-east-1': [-23.5, -46.6],
  'eu-west-1': [53.3, -6.3],
  'eu-west-2': [51.5, -0.1],
  'eu-west-3': [48.9, 2.4],
  'eu-central-1': [50.1, 8.7],
  'eu-north-1': [59.3, 18.1],
  'eu-south-1': [45.5, 9.2],
  'ap-south-1': [19.1, 72.9],
  'ap-southeast-1': [1.4, 103.8],
  'ap-southeast-2': [-33.9, 151.2],
  'ap-northeast-1': [35.7, 139.7],
  'ap-northeast-2': [37.6, 127.0],
  'me-central-1': [24.5, 54.4],
  'af-south-1': [-33.9, 18.4],
  eastus: [37.4, -79.8],
  eastus2: [36.7, -78.4],
  centralus: [41.6, -93.6],
  northcentralus: [41.9, -87.6],
  southcentralus: [29.4, -98.5],
  westus: [37.8, -122.4],
  westus2: [47.2, -119.9],
  westus3: [33.4, -112.1],
  canadaeast: [46.8, -71.2],
  brazilsouth: [-23.5, -46.6],
  northeurope: [53.3, -6.3],
  westeurope: [52.4, 4.9],
  uksouth: [51.5, -0.1],
  francecentral: [46.4, 2.4],
  germanywestcentral: [50.1, 8.7],
  swedencentral: [60.7, 17.1],
  switzerlandnorth: [47.5, 8.6],
  polandcentral: [52.2, 21.0],
  southindia: [12.98, 80.2],
  southeastasia: [1.3, 103.8],
  japaneast: [35.7, 139.8],
  koreacentral: [37.6, 127.0],
  australiaeast: [-33.9, 151.2],
  uaenorth: [25.3, 55.3],
  southafricanorth: [-25.7, 28.2],
  'us-central1': [41.3, -95.9],
  'us-east4': [39.0, -77.5],
  'us-east5': [40.0, -83.0],
  'us-west1': [45.6, -121.2],
  'europe-west1': [50.4, 3.8],
  'europe-west4': [53.4, 6.8],
  'europe-north1': [60.6, 27.2],
  'asia-northeast1': [35.7, 139.8],
  'asia-southeast1': [1.4, 103.7],
  'asia-south1': [19.1, 72.9],
  'australia-southeast1': [-33.9, 151.2],
  'southamerica-east1': [-23.5, -46.6],
};

/** Where a region is, or what `latitude,longitude` says. */
export function placeOf(text: string): Place | undefined {
  const known = REGIONS[text.toLowerCase()];
  if (known) return known;
  const [latitude, longitude, ...rest] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (latitude === undefined || longitude === undefined || rest.length > 0) return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [latitude, longitude] : undefined;
}
