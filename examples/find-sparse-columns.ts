// Which columns of a data source are mostly empty? With the client that the package exports.
//   ASSAY_URL=… ASSAY_API_KEY=… node find-sparse-columns.ts <name of a data source>
import { AssayApiError, createAssayClient } from 'assay-catalog/client';

/** What the user gave cannot be worked with: a sentence, and no stack. */
class Unusable extends Error {}

const { ASSAY_URL = 'http://127.0.0.1:8080', ASSAY_API_KEY } = process.env;
const client = createAssayClient({ baseUrl: ASSAY_URL, apiKey: ASSAY_API_KEY });
const name = process.argv[2];

try {
  if (!name) throw new Unusable('give the name of a data source');
  const { data } = await client.post('/data-sources/filter', { body: { filters: { resourceNames: [name] } } });
  const source = data[0];
  if (!source) throw new Unusable(`there is no data source "${name}"`);
  const body = { filters: { resourceIds: [source._id], types: ['COLUMN' as const] } };
  for await (const column of client.items('POST', '/entities/filter/profiling-info', { body })) {
    const density = Number((column.profilingInfo?.stats as { density?: number } | undefined)?.density ?? Number.NaN);
    if (density < 80) console.log(`${column.fqdn}: ${density.toFixed(1)} % filled`);
  }
} catch (error) {
  if (error instanceof AssayApiError)
    console.error(`${error.code} (HTTP ${error.status}): ${error.message} [request ${error.requestId}]`);
  else if (error instanceof Unusable) console.error(error.message);
  else throw error;
  process.exitCode = 1;
}
