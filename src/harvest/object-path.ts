import type { ObjectPath } from '../connectors/connector.ts';
import { encodeFqdnSegment } from '../model/entity.ts';
import { toStorable } from '../model/storable-text.ts';

/**
 * Where an object lies below its source, as text: `''` is the source itself, `/public/customer` a table. Segments are encoded
 * as in a fqdn, so that fqdn = fqdnId + place.
 */
export function toPlace(path: ObjectPath): string {
  let place = '';
  for (const name of path) place += `/${encodeFqdnSegment(toStorable(name))}`;
  return place;
}

/** The names of a place. */
export function fromPlace(place: string): string[] {
  return place === '' ? [] : place.slice(1).split('/').map(decodeFqdnSegment);
}

export function decodeFqdnSegment(segment: string): string {
  return segment.replace(/(?:%[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

export function isBelowOrAt(place: string, container: string): boolean {
  return place === container || place.startsWith(`${container}/`);
}
