import { isIPv4, isIPv6 } from 'node:net';

/** Readings of identifiers, addresses, places and documents. Every expression is anchored and linear. */
const HASHES: Record<number, string> = {
  32: 'md5',
  40: 'sha1',
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};
const SHORTEST_HEX = 8;
const LONGEST_HEX = 128;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAC = /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})$/i;
const VERSION = /^v?\d{1,5}(?:\.\d{1,6}){2,3}(?:[-+][0-9A-Za-z.-]{1,40})?$/;
const SCHEME = /^([a-z][a-z0-9+.-]{1,14}):\/\/[^\s/?#]+[^\s]*$/i;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

export function readCode(text: string): string[] {
  const length = text.length;
  if (length <= 45) {
    if (length === 36 && UUID.test(text)) return ['uuid:dashes'];
    if (length === 38 && text.startsWith('{') && UUID.test(text.slice(1, -1))) return ['uuid:braces'];
    if ((length === 17 || length === 14) && MAC.test(text))
      return [`mac:${text.includes('.') ? 'dots' : text.includes(':') ? 'colons' : 'dashes'}`];
    const dotted = text.includes('.');
    const address = dotted || text.includes(':') ? readAddress(text) : [];
    if (address.length > 0) return address;
    if (dotted && VERSION.test(text)) return ['version:'];
  }
  if (length >= SHORTEST_HEX && length <= LONGEST_HEX && isHex(text)) return readHex(text);
  const scheme = text.includes('://') ? SCHEME.exec(text) : null;
  if (scheme) return [`url:${(scheme[1] as string).toLowerCase()}`];
  if (/^www\.[^\s.]+\.[^\s]+$/i.test(text)) return ['url:www'];
  if (length <= 254 && isEmail(text)) return ['email:'];
  const place = readPlace(text);
  if (place.length > 0) return place;
  if (isBase64(text)) return [/[-_]/.test(text) ? 'base64:url' : 'base64:standard'];
  return [];
}

const isHex = (text: string): boolean =>
  /^(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)$/.test(text) && /\d/.test(text) && /[a-fA-F]/.test(text);

/** Thirty-two digits may be a UUID where the two places agree that a UUID fixes; by chance one in eight does. */
function readHex(text: string): string[] {
  const hash = HASHES[text.length];
  const readings = hash ? [`hash:${hash}`, `hex:${text.length}`] : [`hex:${text.length}`];
  return text.length === 32 && '12345678'.includes(text[12] as string) && '89abAB'.includes(text[16] as string)
    ? ['uuid:no dashes', ...readings]
    : readings;
}

/**
 * Readings of what is hexadecimal and nothing else: letters in two places and more, digits between them, so that it is no number with an
 * exponent and no amount with a currency beside it. One look at each character, where all the others take a look each at the text.
 */
export function readLongHex(text: string): string[] | undefined {
  if (text.length < SHORTEST_HEX || text.length > LONGEST_HEX) return undefined;
  let [runs, kinds] = [0, 0];
  let wasLetter = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const isDigit = code >= 0x30 && code <= 0x39;
    const isSmall = code >= 0x61 && code <= 0x66;
    if (!isDigit && !isSmall && !(code >= 0x41 && code <= 0x46)) return undefined;
    if (!isDigit) {
      if (!wasLetter) runs += 1;
      kinds |= isSmall ? 1 : 2;
    }
    wasLetter = !isDigit;
  }
  return runs > 1 && kinds < 3 ? readHex(text) : undefined;
}

/** Four numbers up to 255 are a version as well. What versions rarely have, a number from 100 on or a private network in front, speaks for an address. */
function readAddress(text: string): string[] {
  const slash = text.indexOf('/');
  const [host, bits] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  if (slash >= 0 && !/^\d{1,3}$/.test(bits)) return [];
  const suffix = slash < 0 ? '' : 'CIDR';
  if (isIPv4(host)) {
    if (suffix) return Number(bits) <= 32 ? ['ipv4:CIDR'] : [];
    return /\d{3}|^10\.|^127\./.test(host) ? ['ipv4:', 'ipv4!:', 'version:'] : ['ipv4:', 'version:'];
  }
  return host.includes(':') && isIPv6(host) && (slash < 0 || Number(bits) <= 128) ? [`ipv6:${suffix}`] : [];
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > 64 || !/^[^\s@<>(),;:"\\]+$/.test(text.slice(0, at))) return false;
  const labels = text.slice(at + 1).split('.');
  return (
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) &&
    /^(?:\p{L}{2,}|xn--.+)$/u.test(labels.at(-1) as string)
  );
}

const PAIR = /^\(?([+-]?\d{1,3}\.\d{1,20})(?:, ?|; ?| )([+-]?\d{1,3}\.\d{1,20})\)?$/;
const WKT =
  /^(?:SRID=\d{1,6};)?(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|GEOMETRYCOLLECTION) ?(?:Z|M|ZM)? ?\(/i;
const DEGREES =
  /^\d{1,3}°(?: ?\d{1,2}(?:\.\d+)?['′](?: ?\d{1,2}(?:\.\d+)?["″])?)? ?[NS](?:, ?| )\d{1,3}°(?: ?\d{1,2}(?:\.\d+)?['′](?: ?\d{1,2}(?:\.\d+)?["″])?)? ?[EW]$/;

function readPlace(text: string): string[] {
  if (text.length <= 60 && /[.°]/.test(text)) {
    const pair = PAIR.exec(text);
    if (pair) {
      const [a = '', b = ''] = pair.slice(1);
      // Two prices have two digits behind the point; places are told to 10 km at least.
      if (![a, b].some((part) => (part.split('.')[1] ?? '').length >= 3)) return [];
      const [first, second] = [Math.abs(Number(a)), Math.abs(Number(b))];
      return [
        ...(first <= 90 && second <= 180 ? ['geo:lat,lon'] : []),
        ...(second <= 90 && first <= 180 ? ['geo:lon,lat'] : []),
      ];
    }
    if (DEGREES.test(text)) return ['geo:degrees'];
  }
  const wkt = text.includes('(') ? WKT.exec(text) : null;
  return wkt ? [`geo:WKT ${(wkt[1] as string).toUpperCase()}`] : [];
}

/** Words in camel case are base64, too, by their letters: so either its marks, or letters and digits as mixed as chance mixes them. */
function isBase64(text: string): boolean {
  if (text.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || (/[+/]/.test(text) && /[-_]/.test(text)))
    return false;
  const padded = text.endsWith('=');
  if (padded && text.length % 4 !== 0) return false;
  if (!/[A-Z]/.test(text) || !/[a-z]/.test(text)) return false;
  let changes = 0;
  for (let i = 1; i < text.length; i += 1) if (kindAt(text, i) !== kindAt(text, i - 1)) changes += 1;
  return (
    changes >= text.length / (padded ? 6 : 3) &&
    (padded || text.length % 4 === 0) &&
    (/\d/.test(text) || text.length >= 24)
  );
}

const kindAt = (text: string, i: number): number => {
  const code = text.charCodeAt(i);
  return code >= 97 ? 0 : code >= 65 ? 1 : 2;
};
