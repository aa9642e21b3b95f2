import type { Readable } from 'node:stream';
import type { EntityType } from '../model/entity.ts';

/**
 * The connector seam. A connector folder has `spec.ts` (light: read by the API and the CLI), `connect.ts` (imports the
 * driver lazily and translates its errors into AssayError once), `introspect.ts`, `read.ts`, `types.ts`, `dialect.ts`
 * and `index.ts`. An optional ability is an optional member: present means supported. `test/conformance` runs one suite
 * over every connector.
 *
 * A connector never opens DuckDB, never writes to the source, and never logs or throws a secret.
 */

/** Everything of the contract's connection fields, by wire name, secrets in the clear. Lives in memory only. */
export type SourceConfig = Readonly<Record<string, unknown>> & {
  readonly databaseType: string;
  readonly host?: string;
  readonly port?: string;
  readonly uri?: string;
  readonly databaseName?: string;
  readonly userName?: string;
  readonly password?: string;
  readonly path?: string;
};

/** What the API and the CLI may know of a connector without loading its driver. */
export interface ConnectorSpec {
  /** Folder name and key: `postgres`. */
  kind: string;
  title: string;
  /** Wire codes of `databaseType`, the first one canonical, upper case. Input is compared case-insensitively. */
  databaseTypes: readonly [string, ...string[]];
  /** `database` lists schemas and tables; `files` lists folders and files. */
  shape: 'database' | 'files';
  /** Every problem of this configuration, in sentences; `[]` when a connection may be tried. Pure. */
  problems(config: SourceConfig): string[];
  /** For docs/connectors.md: what it can do and how that was verified. */
  abilities: readonly Ability[];
  verified: Verified | Readonly<Record<string, Verified>>;
  /** For docs/connectors.md: sentences on what is particular about it. */
  notes?: readonly string[];
}

/** Against what the tests run; of a connector with several wire codes it may differ from code to code. */
export type Verified = 'live server' | 'emulator' | 'driver only' | 'real files';

export const ABILITIES = ['test', 'introspect', 'read', 'partitions', 'cancel', 'estimate', 'pushDown'] as const;
export type Ability = (typeof ABILITIES)[number];

/** What a connector gets from whoever opens it. */
export interface ConnectContext {
  /** Aborts when the job is cancelled or the task lost its lease: kill the running statement in the source. */
  signal: AbortSignal;
  /** Shown to the administrators of the source, e.g. `assay/0.1.0 job=65f…`. */
  applicationName: string;
  /** Real paths below which files may be read. Empty: no file may be read. */
  fileRoots: readonly string[];
  /** Real paths that may never be read, even below a root (data folder, key file). */
  protectedPaths: readonly string[];
  connectTimeoutMs: number;
  /** How a DuckDB database file is looked into: by whoever holds DuckDB, since a connector never opens it. */
  openDuckDb?: OpenDuckDb;
  /** How the footer of a Parquet file is read, likewise. */
  readRowGroups?: ReadRowGroups;
}

/** Opens a DuckDB database file read-only, as `src`. Throws SOURCE_BUSY, SOURCE_BAD_DATA, SOURCE_NO_RIGHT, in words that name the file. */
export type OpenDuckDb = (path: string, signal: AbortSignal) => Promise<DuckDbCatalog>;

/**
 * Rows of each row group of a Parquet file, in their order; [] where its rows have no number, for a column of the file is called
 * `file_row_number`. Throws SOURCE_BAD_DATA for a footer that cannot be read.
 */
export type ReadRowGroups = (path: string, signal: AbortSignal) => Promise<number[]>;

/** An open database file. Nothing but the file can be reached, and no setting can be changed. */
export interface DuckDbCatalog {
  /** Rows as JSON values: 64-bit integers are texts. `doing` is for the error message. */
  query(sql: string, doing: string): Promise<unknown[][]>;
  close(): Promise<void>;
}

export interface Connector {
  spec: ConnectorSpec;
  /** Opens a read-only, tagged session. Throws AssayError of kind `source` or `caller`. */
  connect(config: SourceConfig, context: ConnectContext): Promise<Connection>;
  /** Runs the named steps of a connection test one after the other; a failed step ends it. Never throws for a source error. */
  test(config: SourceConfig, context: ConnectContext): AsyncIterable<TestStep>;
}

/** One step of a connection test. */
export interface TestStep {
  /** `resolve name`, `reach`, `encrypt`, `authenticate`, `open database`, `list schemas`, `read catalog`, `read a row`, `right: profiling`, … */
  name: string;
  outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  ms: number;
  /** What was found, in a sentence; for `failed` and `warning` the cause in the words of the source. */
  reason: string;
  /** What a person can do. Empty for `ok`. */
  remedy: string;
  /** An error code of src/errors for `failed`. */
  code?: string;
  /** Facts: `{schemas: ['public', …]}`, `{address: '127.0.0.1'}`. */
  found?: Record<string, unknown>;
}

/** Names from below the root of the source down to the object: `['public', 'customer', 'email']`. */
export type ObjectPath = readonly string[];

/** One object as the source shows it. Parents come before their children. */
export interface SourceObject {
  type: EntityType;
  path: ObjectPath;
  /** Harvest-owned: `{column: {…}}`, `{table: {…}}`, `{file: {…}}`, `{stats: {…}}` as in the entity's `metadata`. Deterministic key order. */
  metadata: Record<string, unknown>;
}

/** A unit of ingest: something that is listed in one go. For a database a schema; for files the root. */
export interface IngestUnit {
  path: ObjectPath;
  type: EntityType;
}

/**
 * What a listing says. `complete` is the proof that deletion needs: everything below `path`, up to what failed by name, was listed.
 * `failed` says that the listing of `path` broke; the rest goes on. A container may still be `complete` around a `failed` one:
 * its own members are proven, what lies at or below the failed path is not. `unproven` says the same of a place that was left
 * out on purpose, such as a link that is not followed, or that this user may see in part only: nothing at or below it is deleted,
 * unless a path below is `complete` itself, and nothing went wrong. `reason` is a sentence for the event log.
 */
export type ListingEvent =
  | { kind: 'objects'; objects: SourceObject[] }
  | { kind: 'complete'; path: ObjectPath }
  | { kind: 'unproven'; path: ObjectPath; reason?: string }
  | { kind: 'failed'; path: ObjectPath; error: Error };

export interface IntrospectRequest {
  unit: IngestUnit;
  /** False for a folder, file or table nobody wants: the connector may skip what is below. Always safe to ignore. */
  mayContain?(path: ObjectPath): boolean;
  signal: AbortSignal;
}

/** A column of something that is read. */
/**
 * Numbers of any number of digits, as PostgreSQL's `numeric` without precision holds them: guessed to have at most 20 behind the point and 18
 * before it; a column with others is read as text. Its texts for people end with no zeros.
 */
export const ANY_DECIMAL = 'DECIMAL(38,20)';

export interface ReadColumn {
  name: string;
  /** Type in the words of the source: `character varying(40)`. */
  nativeType: string;
  /** The DuckDB type its values are given in: `VARCHAR`, `BIGINT`, `DECIMAL(18,3)`, `TIMESTAMP`. */
  duckdbType: string;
  /** `inferred` when the source did not declare it. */
  typeBasis: 'precise' | 'inferred';
  /**
   * Every value is written as PostgreSQL writes its type: `f`, `1e-07`, `-Infinity`, `\x4142`, `0044-03-15 BC`. Nothing but a decimal or a time
   * with a date can fail to fit then, so no other text is looked at for that.
   */
  sure?: true;
}

/** One of the fixed cuts of a table; `key` orders the parts. */
export interface Partition {
  key: string;
  /** Understood by the connector alone, e.g. `{fromPage: 0, toPage: 8191}`. */
  spec: Record<string, unknown>;
  /** Estimated rows, for progress. */
  rows?: number;
  /** Of the only part of a table that has no place to cut at: why not, as `rows of a view have no numbers`. */
  uncut?: string;
}

/**
 * Which rows are read, of those that fulfil `where`. Every row has the same chance, whatever it holds; the same seed (a whole number
 * below 2^31) chooses the same rows for as long as the table stays as it is, and whatever columns are read.
 * - `nth`: rows n, 2n, 3n, … in the order in which the source keeps them.
 * - `share`: each row with this chance in percent, by itself.
 * - `rows`: so many, all of them where there are fewer.
 * - `blocks`: about so many, by blocks of rows that lie together: what a table costs that is too large to be read whole.
 */
export type RowSample =
  | { kind: 'nth'; n: number }
  | { kind: 'share'; percent: number; seed: number }
  | { kind: 'rows'; rows: number; seed: number }
  | { kind: 'blocks'; rows: number; seed: number };

/** What is left to whoever loads the rows: in this order. */
export interface ReadRest {
  where?: string;
  sample?: RowSample;
  limit?: number;
}

export interface ReadRequest {
  type: EntityType;
  path: ObjectPath;
  /** Names; absent means all. */
  columns?: readonly string[];
  partition?: Partition;
  /** At most so many rows, after everything else. */
  limit?: number;
  sample?: RowSample;
  /**
   * Only rows in which this column has this value or a larger one, so that the reader sees whether the row of an earlier profile is
   * still there. A connector may give others too: the reader leaves them out. The value is as DuckDB writes integers, decimals,
   * dates and timestamps: `-12.50`, `2024-01-31 10:00:00.5`, with `+00` behind it where the type has a zone.
   */
  from?: { column: string; value: string };
  /** SQL of the user, put behind WHERE inside a read-only transaction. BAD_REQUEST when it is no condition. */
  where?: string;
  /** Files: how delimited text is to be read. */
  text?: ToldText;
  signal: AbortSignal;
}

/**
 * Rows on their way to a measure: raw bytes in a known format, batches of column arrays, or the description of something
 * that DuckDB can read in place (data only; the connector never opens DuckDB).
 */
export type ReadResult = ReadKind & {
  /** What the connector left of the request's `where`, `sample` and `limit`. Absent: nothing. */
  rest?: ReadRest;
  /** `first rows`: blocks were asked for, and the source has no cheap way to choose them. */
  took?: 'first rows';
};

type ReadKind =
  | {
      kind: 'bytes';
      format: 'csv';
      csv: CsvFormat;
      columns: ReadColumn[];
      stream: Readable;
      /** Once the stream has ended: sentences about values that could not be given as they are. */
      warnings?(): string[];
    }
  | { kind: 'batches'; columns: ReadColumn[]; batches: AsyncIterable<unknown[][]> }
  | {
      kind: 'relation';
      spec: RelationSpec;
      warnings?: readonly string[];
      /** All parts of the table are of one state of it, though they are read one after the other. */
      oneState?: boolean;
    };

/**
 * How the bytes of a CSV stream are to be read. An unquoted field equal to `nullText` is null, a quoted one is that text. Years
 * before 1 are written as DuckDB or PostgreSQL does: `0044-03-15 (BC) 01:02:03`, `0044-03-15 01:02:03 BC`.
 */
export interface CsvFormat {
  delimiter: string;
  quote: string;
  escape: string;
  header: boolean;
  nullText: string;
}

/** How the text of a file is to be read, where somebody said so. What is absent is found out. */
export interface ToldText {
  /** One of ENCODINGS. A byte order mark that says otherwise goes before it. */
  encoding?: string;
  /** '' where each line is one value. With it the file is delimited text, whatever it looks like. */
  delimiter?: string;
  /** One character, '' for none. */
  quote?: string;
  /** Whether the first line of the table holds names. */
  header?: boolean;
  /** Lines at the beginning that are no part of the table; the header, or the first row, follows. */
  skipLines?: number;
}

/** Files may be packed with gzip or zstd, whatever they are called. */
export type RelationSpec =
  | {
      /** Text; what its name promises, and what it turns out to be when its bytes are looked at. */
      kind: 'csv';
      paths: string[];
      /** What the name promises: another wins when it splits the text better. */
      delimiter?: string;
      told?: ToldText;
      /** The name promises no text: only a table of two columns and more is read, anything else is refused. */
      promised?: 'Parquet' | 'nothing';
    }
  | {
      kind: 'parquet';
      paths: string[];
      /** Rows of the only path by their position in the file; `to` is not among them. */
      rows?: { from: number; to: number };
    }
  | { kind: 'json'; paths: string[]; told?: ToldText }
  | {
      kind: 'duckdb';
      path: string;
      schema: string;
      table: string;
      /** Absent: all. */
      columns?: readonly string[];
      where?: string;
      /** Rows by their position in the table; `to` is not among them, and absent it means the end. */
      rows?: { from: number; to?: number };
    };

/** A table or view that is measured where it lies. */
export interface PushDownRequest {
  type: EntityType;
  path: ObjectPath;
  /** Names; absent means all. */
  columns?: readonly string[];
  /** As in ReadRequest. */
  where?: string;
  /** A statement that takes longer is stopped: SOURCE_TIMEOUT. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** Of what the figures of one column can be; each kind has the fields of ScannedColumn that its comment names. */
export type PushedKind = 'integer' | 'decimal' | 'float' | 'text' | 'blob' | 'boolean' | 'uuid' | 'temporal';

/**
 * What the first statement found in a column. Values are texts, as DuckDB writes them; those of `text` are cut behind 1,025
 * characters. Exact throughout.
 */
export interface ScannedColumn extends ReadColumn {
  pushed: PushedKind;
  nonNull: number;
  /** Values that DuckDB's type does not hold, or writes in another way than the source can: such a column has to be streamed. */
  misfits: number;
  /** Text only: nothing or white space only. */
  blanks?: number;
  /** Float only. */
  nan?: number;
  infinite?: number;
  /** All but boolean and blob; NaN left out. Text and UUID in the order of their bytes. */
  min?: string | null;
  max?: string | null;
  /** Float only: without the infinities. */
  finiteMin?: string | null;
  finiteMax?: string | null;
  /** Integer and decimal: Σx and Σx², as decimal numbers; squares are absent where the source cannot add them up exactly. */
  sum?: string;
  squares?: string;
  /** Text (code points) and blob (bytes). */
  lengths?: { min: number | null; max: number | null; sum: string; squares: string };
}

export interface PushedScan {
  rows: number;
  columns: ScannedColumn[];
}

/** What the second statement is to find in a column of the scan, worked out from the first one's answer. */
export interface GroupAsk {
  /** Group the values first, which costs memory or sorting for every different one. Else only masks, bins and sums, of all rows. */
  grouped: boolean;
  /** Number of different values that are not blank, Σ count² of all, and the masks of the distinct counter. */
  distinct: boolean;
  /** So many of the most frequent values; 0 for none. */
  top: number;
  /** Places in the sorted values (NaN left out), the first is 1. */
  ranks: readonly number[];
  /** Counts of the finite values x by floor(x / 2^exponent). */
  bins?: { exponent: number };
  /**
   * Float: sums of the finite values x and of (x − middle)², each as two integers: rounded multiples
   * of 2^(top − 53), and of what is left in multiples of 2^(top − 106); `squareTop` likewise for the squares.
   */
  fixed?: { middle: number; top: number; squareTop: number };
}

/** The second statement's answer for a column; a field that was not asked for, or that the source cannot give, is absent. */
export interface GroupedColumn {
  distinct?: { count?: number; squares?: string; masks: [bucket: number, mask: string][] };
  /** Most frequent first, among equals the smaller value. `all` when no other value exists. */
  top?: { values: [text: string, count: number][]; all: boolean };
  /** Value at each rank that was asked for. */
  ranks?: string[];
  /** Sorted; empty bins left out. */
  bins?: [bin: number, count: number][];
  fixed?: { count: number; x1: string; x2: string; s1: string; s2: string };
}

/** Two statements in one snapshot. */
export interface PushedTable {
  scan: PushedScan;
  /** As many as the scan has columns. */
  groups: GroupedColumn[];
}

export interface SourceInfo {
  product: string;
  version: string;
  /** Without any secret. */
  url: string;
}

/** An open, read-only session. */
export interface Connection {
  info(): Promise<SourceInfo>;
  /** The units of ingest that exist. Throws when the list cannot be had whole. */
  listUnits(): Promise<IngestUnit[]>;
  /**
   * Why a unit that `listUnits` does not show may still exist, in a sentence; '' when it is gone. For sources that leave out in
   * silence what the user may not see. Absent: what is not listed is gone.
   */
  doubtGone?(path: ObjectPath): Promise<string>;
  introspect(request: IntrospectRequest): AsyncIterable<ListingEvent>;
  read(request: ReadRequest): Promise<ReadResult>;
  /**
   * Measures a table in the source, in two statements of one snapshot: a scan of all columns, then what `decide` asks for when it
   * knows that scan. Same limits as `read`: read-only, stopped in the source when the signal aborts. Absent: rows must be read.
   *
   * @throws NOT_SUPPORTED for what cannot be measured there; SOURCE_TIMEOUT
   */
  pushDown?(request: PushDownRequest, decide: (scan: PushedScan) => readonly GroupAsk[]): Promise<PushedTable>;
  /** Fixed cuts of about `targetRows` rows; absent means a table is always one part. */
  planPartitions?(type: EntityType, path: ObjectPath, targetRows: number): Promise<Partition[]>;
  close(): Promise<void>;
}
