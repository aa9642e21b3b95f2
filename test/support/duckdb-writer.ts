import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Another program that has a database file open for writing, with changes that are only in the write-ahead log:
 *
 *   node duckdb-writer.ts <file> <statement>…
 *
 * Says `held` and stays until it is killed.
 */
const [path, ...statements] = process.argv.slice(2);
const instance = await DuckDBInstance.create(path);
const connection = await instance.connect();
await connection.run("SET checkpoint_threshold = '1TB'");
for (const statement of statements) await connection.run(statement);
console.log('held');
setInterval(() => {}, 60_000);
