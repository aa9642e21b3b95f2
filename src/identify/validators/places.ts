const DEGREES = '([+-]?[0-9]{1,3}(?:\\.[0-9]+)?)';
const PAIR = new RegExp(`^\\(?\\s*${DEGREES}\\s*[,;\\s]\\s*${DEGREES}\\s*\\)?$`);
const POINT = new RegExp(`^POINT ?\\(${DEGREES} ${DEGREES}\\)$`);

/** A pair of degrees, latitude first: `52.5200, 13.4050`; longitude first as well-known text: `POINT(13.4050 52.5200)`. One has a fraction. */
export function isCoordinatePair(value: string): boolean {
  const text = value.trim();
  if (!text.includes('.')) return false;
  const pair = PAIR.exec(text);
  if (pair) return isWithin(pair[1], 90) && isWithin(pair[2], 180);
  const point = POINT.exec(text);
  return point !== null && isWithin(point[1], 180) && isWithin(point[2], 90);
}

const isWithin = (degrees: string | undefined, limit: number): boolean => Math.abs(Number(degrees)) <= limit;

/** Degrees of latitude with a fraction: -90 to 90. */
export function isLatitude(value: string): boolean {
  return (
    /^[+-]?[0-9]{1,2}[.,][0-9]{1,15}$/.test(value.trim()) && Math.abs(Number(value.trim().replace(',', '.'))) <= 90
  );
}

/** Degrees of longitude with a fraction: -180 to 180. */
export function isLongitude(value: string): boolean {
  return (
    /^[+-]?[0-9]{1,3}[.,][0-9]{1,15}$/.test(value.trim()) && Math.abs(Number(value.trim().replace(',', '.'))) <= 180
  );
}
