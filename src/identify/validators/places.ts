/** A pair of degrees, latitude first: `52.5200, 13.4050`. At least one of them has a fraction. */
export function isCoordinatePair(value: string): boolean {
  const match = /^\(?\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*[,;\s]\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*\)?$/.exec(
    value.trim(),
  );
  if (!match || !value.includes('.')) return false;
  return Math.abs(Number(match[1])) <= 90 && Math.abs(Number(match[2])) <= 180;
}

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
