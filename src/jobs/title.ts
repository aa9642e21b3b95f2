/** `/public/customer` → `public.customer`; a file keeps its slashes. */
export const titleOf = ({ type, place }: { type: string; place: string }): string =>
  type === 'FILE' ? place.slice(1) : place.slice(1).replaceAll('/', '.');
