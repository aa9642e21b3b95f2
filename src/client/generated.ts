// Made from openapi.json by `npm run generate`; do not edit.

/** The job was accepted */
export type AcceptedJob = {
  status: "ACCEPTED";
  message: string;
  data: AcceptedJobData;
};

export type AcceptedJobData = {
  userId: string;
  resourceIds: string[];
  /** What the job works on; titles as they were when it was accepted */
  scope: JobScope;
  /** Id of the job: poll /jobs/{id}/status with it */
  _id: string;
  date: string;
  workerName: string;
  activity: string;
  createdAt: string;
  updatedAt: string;
  pId: number;
  __v: number;
  /** ACCEPTED → RUNNING → COMPLETED or FAILED; CANCELLING → CANCELLED */
  status: "ACCEPTED" | "RUNNING" | "CANCELLING" | "COMPLETED" | "FAILED" | "CANCELLED";
};

export type Assertion = {
  kind: string;
  value: string;
  body: Record<string, unknown>;
  /** human, job or import */
  origin: string;
  byUser: string;
  byJob: string;
  at: string;
  /** The person who took it back: no job says it again */
  removedBy: string;
  /** The job that found it no longer holds */
  removedByJob: string;
  removedAt: string;
  /** The dictionary or data pattern that found it; "people" where a table takes what a person set on a column; else "" */
  methodId: string;
  /** The column that it was found in */
  columnId: string;
  /** Of a finding: confidence, factors with weight and share, matched and unmatched values (`******` without `viewSamples`), the smallest change that would turn it */
  evidence: Record<string, unknown>;
};

export type BusinessTerm = {
  _id: string;
  /** What the business calls it */
  name: string;
  /** The glossary it is in */
  glossary: string;
  /** Where in the glossary; "" for its top */
  category: string;
  /** What it means */
  description: string;
  createdAt: string;
  updatedAt: string;
};

export type BusinessTermChange = {
  /** What the business calls it */
  name?: string;
  /** The glossary it is in */
  glossary?: string;
  /** Where in the glossary; "" for its top */
  category?: string;
  /** What it means */
  description?: string;
};

export type ColumnComparison = {
  name: string;
  kind: {
    before: string;
    after: string;
  };
  nativeType: {
    before: string;
    after: string;
  };
  figures: Record<string, Record<string, unknown>>;
  /** `psi`, `psiByChance`, `jensenShannonDivergence` (base 2, 0..1) and `jensenShannonDistance` over shared `bins`; `over` names what they are of, `binning` how they were made; `atLeast`: the true distance is not smaller */
  distribution: Record<string, unknown>;
  /** The same over the patterns of a text */
  patterns?: Record<string, unknown>;
  /** `count` of values that only the later profile has, with its basis and where it is known `from` */
  newValues: Record<string, unknown>;
  /** `count` of values that only the earlier profile has */
  vanishedValues: Record<string, unknown>;
  drifts: Drift[];
};

/** What profiling knows of one column */
export type ColumnProfile = {
  /** Id of the profile, where one was asked for by it */
  profileId?: number;
  /** The table or column */
  entityId: string;
  /** When it was stored, ISO 8601 in UTC */
  profiledAt: string;
  /** The job that made it, 24 hex digits */
  jobId: string;
  /** Of which rows the figures are */
  basis: ProfileBasis;
  /** Name of the column in the source */
  name: string;
  /** Its place in the table, from 0 */
  ordinal: number;
  /** Type in the words of the source */
  nativeType: string;
  /** Type in which the values were measured */
  duckdbType: string;
  /** Whether the source declared the type */
  typeBasis: "precise" | "inferred";
  /** What the values are */
  kind: "integer" | "decimal" | "float" | "text" | "boolean" | "date" | "time" | "timestamp" | "interval" | "uuid" | "blob" | "nested" | "other";
  /** Rows; within nested values: values of the path */
  rows: NumberFigure;
  /** Rows that are not null */
  nonNull: NumberFigure;
  /** Rows that are null */
  nulls: NumberFigure;
  /** Rows: texts that are empty or white space only */
  blanks: NumberFigure;
  /** Different values, neither nulls nor blanks among them */
  distinct: NumberFigure;
  /** Percent: 100 · distinct / rows */
  uniqueness: NumberFigure;
  /** Percent: 100 · (rows − nulls − blanks) / rows */
  density: NumberFigure;
  /** Percent: 100 · Σ (count / rows)²; 100 for a constant, 100 / rows for a key */
  selectivity: NumberFigure;
  /** Smallest number or time */
  min?: ValueFigure;
  /** Largest number or time */
  max?: ValueFigure;
  /** First text in the order of UTF-8 bytes */
  lexicalMin?: ValueFigure;
  /** Last text in the order of UTF-8 bytes */
  lexicalMax?: ValueFigure;
  /** Sum, in the unit of the values */
  sum?: ValueFigure;
  /** Mean, in the unit of the values */
  mean?: ValueFigure;
  /** Of the sample (n − 1), in the unit of the values */
  standardDeviation?: ValueFigure;
  /** Rows: not a number; of doubles, and of decimals that have some, which are in no other figure of decimals than the filled rows */
  nan?: NumberFigure;
  /** Rows: infinite; as `nan` */
  infinite?: NumberFigure;
  /** Code points of texts, bytes of binary values */
  length?: LengthFigure;
  /** The most frequent values */
  topValues?: TopValuesFigure;
  /** The most frequent patterns; docs/profile.md has the alphabet */
  patterns?: PatternsFigure;
  /** What the values of a text are, and in which format */
  logicalType?: LogicalTypeFigure;
  /** Regular expressions that the values of a text follow */
  regexes?: RegexesFigure;
  /** Quality estimate */
  quality?: QualityFigure;
  /** At 0.01, 0.05, 0.25, 0.5, 0.75, 0.95 and 0.99 */
  quantiles?: QuantilesFigure;
  /** Finite numbers and times */
  histogram?: HistogramFigure;
  /** What lies within nested values, in the order of the paths */
  paths?: PathProfile[];
  /** Paths that were found and not measured: too many, or too deep */
  pathsLeftOut?: string[];
  /** Of columns that may be keys: the filter of their values that is kept for finding joins */
  membership?: {
    /** Different values it was built from */
    values: number;
    /** Bits a value, of all its bytes */
    bitsPerValue: number;
    /** Size in bytes */
    bytes: number;
    /** Share of other values that it takes for its own, 0 to 1; it misses none of its own */
    falsePositives: number;
  } | {
    /** Why there is none */
    unknown: string;
  };
  /** What stands out */
  findings: ProfileFinding[];
};

/** A data source with every field that was given, secrets left out */
export type DataSource = {
  /** Id, 24 hex digits */
  _id: string;
  pId: number;
  /** Version; the ETag */
  __v: number;
  resourceName: string;
  fqdnId: string;
  databaseType: string;
  affinityId: string;
  /** ONLINE after a connection test that passed, else OFFLINE */
  status: string;
  lastIngestId: string;
  lastTestConnectionId: string;
  /** Names of the secrets that are stored; their values are never returned */
  savedSecrets: string[];
  /** The job that is removing it; "" otherwise */
  removalJobId: string;
  createdAt: string;
  updatedAt: string;
  [key: string]: unknown;
};

export type DataSourceChange = {
  /** Name of the data source, unique */
  resourceName?: string;
  /** Id of a saved data source, 24 hex digits */
  resourceId?: string;
  /** Permanent, unique id of the data source; made when left out; cannot be changed */
  fqdnId?: string;
  /** Kind of source, e.g. POSTGRES; upper or lower case */
  databaseType?: string;
  /** Which workers reach the source; DEFAULT when left out */
  affinityId?: string;
  /** How the connection is given: credentials or uri */
  configMethod?: string;
  /** Host name or address */
  host?: string;
  /** Port */
  port?: string;
  /** Connection URI, in JDBC form (jdbc:postgresql://…) or native form; a password in it is kept as a secret */
  uri?: string;
  /** Database name */
  databaseName?: string;
  /** File or folder */
  path?: string;
  /** User name */
  userName?: string;
  /** Password */
  password?: string;
  /** Schemas to ingest, exact names; empty means all */
  schemaNames?: string[];
  /** Globs of what to ingest, matched against schema/table or the path below path */
  includePatterns?: string[];
  /** Globs of what to leave out; they win over includePatterns */
  excludePatterns?: string[];
  /** Description */
  description?: string;
  /** Note */
  note?: string;
  /** Owners */
  owners?: Record<string, unknown>[];
  /** Users */
  users?: string[];
  /** Where the source stands: {country} */
  location?: Record<string, unknown>;
  /** Cost per terabyte: {price, frequency} */
  costPerTb?: Record<string, unknown>;
  /** Total capacity in terabytes */
  totalCapacity?: number;
  /** Job classpath */
  jobClasspath?: string;
  /** Driver class name */
  driverClassName?: string;
  /** SPI version */
  spiVersion?: string;
  /** Service type */
  serviceType?: string;
  /** OAuth client id */
  oauthClientId?: string;
  /** OAuth client secret */
  oauthClientSecret?: string;
  /** OAuth type */
  oAuthType?: number;
  /** HDFS credential type */
  hdfsCredType?: string;
  /** Endpoint of an object store */
  endpoint?: string;
  /** Bucket or container */
  container?: string;
  /** Access id */
  accessId?: string;
  /** Access key */
  accessKey?: string;
  /** Secret key */
  secretKey?: string;
  /** Secret manager key */
  secretManagerKey?: string;
  /** Project */
  project?: string;
  /** Path of a key file on the worker */
  keyPath?: string;
  /** Client e-mail of a service account */
  clientEmail?: string;
  /** Warehouse */
  warehouse?: string;
  /** Cloud region */
  region?: string;
  /** Cloud account number */
  accountNumber?: string;
  /** IAM user name */
  iamUsername?: string;
  /** AWS access key id */
  accessKeyID?: string;
  /** AWS secret access key */
  secretAccessKey?: string;
  /** Role to assume */
  assumeRole?: string;
  /** Role */
  role?: string;
  /** External id */
  externalID?: string;
  /** How the connection is encrypted */
  sslType?: string;
  /** Do not check the certificate of the server */
  skipSslValidation?: boolean;
  /** Trust store type */
  trustStoreType?: string;
  /** PEM file of the authorities to trust, below a file root of the worker, or the PEM text itself */
  trustStoreLocation?: string;
  /** Trust store password */
  trustStorePassword?: string;
  /** Key store type */
  keyStoreType?: string;
  /** Key store location */
  keyStoreLocation?: string;
  /** Key store password */
  keyStorePassword?: string;
  /** Cipher suite */
  cipherSuite?: string;
  /** Distinguished name that the server must show */
  serverDistinguishedName?: string;
  /** Connection type of Microsoft SQL Server */
  connectionType?: string;
  /** File system type */
  fileSystemType?: string;
  /** Whether symbolic links are followed: "true" or "false" */
  followSymLinks?: string;
  /** Domain */
  domain?: string;
  /** Share name */
  shareName?: string;
  /** Storage account name */
  accountName?: string;
  /** Azure credential type */
  azureCredType?: string;
  /** Azure shared key */
  azureSharedKey?: string;
  /** Azure tenant id */
  azureTenantId?: string;
  /** Available for migration */
  availableForMigration?: boolean;
  /** Enabled for migration */
  enabledForMigration?: boolean;
  /** Available for writing */
  availableForWriting?: boolean;
  /** Available for data mastering */
  availableForDataMastering?: boolean;
  /** Ignored: a password encrypted elsewhere cannot be used */
  encryptedPassword?: string;
  /** Ignored: set by the engine, ONLINE or OFFLINE */
  status?: string;
  /** Ignored: set by the engine, id of the last ingest job */
  lastIngestId?: string;
  /** Ignored: set by the engine, id of the last connection test */
  lastTestConnectionId?: string;
  [key: string]: unknown;
};

/** A change worth a look; never holds a value */
export type Drift = {
  /** COLUMN_REMOVED, NULLS_CHANGED, DISTRIBUTION_MOVED, … */
  code: string;
  severity: "warning" | "notice" | "info";
  /** Absent: of the table */
  column?: string;
  sentence: string;
  /** How many times its threshold the change is; what came, went or changed its type counts as 100 */
  size: number;
};

/** An entity */
export type Entity = {
  /** Id, a UUID */
  _id: string;
  _index: string;
  name: string;
  /** RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER or FILE */
  type: string;
  /** Permanent, unique name: the fqdnId of the source and the names below it, joined by slashes; a slash within a name is %2F, a percent sign %25 */
  fqdn: string;
  /** Name for people; with extended=true */
  fqdnDisplay?: string;
  /** "" for the root of a data source */
  parentId: string;
  rootId: string;
  /** Id of the data source */
  resourceId: string;
  /** Name of the data source; with extended=true */
  resourceName?: string;
  createdAt: string;
  updatedAt: string;
  /** "" when it never was */
  system: {
    profiledAt: string;
    scannedAt: string;
  };
  /** What the harvest and profiling know: column, table, file, stats, … */
  metadata: Record<string, unknown>;
  /** What people and jobs say of it */
  attributes: Record<string, unknown>;
};

export type EntityFilter = {
  filters: {
    /** Direct children of these */
    parentIds?: string[];
    /** Everything below these */
    rootIds?: string[];
    /** Types: RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER, FILE; DIRECTORY means FOLDER, OBJECT means FILE */
    types?: ("RESOURCE" | "SCHEMA" | "TABLE" | "VIEW" | "COLUMN" | "FOLDER" | "FILE")[];
    /** Not built in this version */
    collectionIds?: string[];
    /** Data sources */
    resourceIds?: string[];
    /** Exact names */
    names?: string[];
    /** Exact fqdns; a slash within a name is %2F there, a percent sign %25 (`bank/crm/in%2Fout`) */
    fqdns?: string[];
    /** Buckets of object stores */
    buckets?: string[];
    /** COMPLETED, FAILED, SKIPPED or NONE */
    profileStatus?: string[];
    /** Profiled since a time, or {from, to} */
    profiledAt?: {
      from?: string;
      to?: string;
    };
  };
};

/** Invalid request; `message` names every problem */
export type ErrorAnswer = {
  /** HTTP status */
  status: number;
  /** What was received, expected, and what to do; an array names every problem */
  message: string | string[];
  /** Stable code of the error table */
  code: string;
  /** Names this request in the log */
  requestId: string;
};

export type Evidence = {
  methodId: string;
  methodName: string;
  methodVersion: string;
  profileId: number;
  profiledAt: string;
  /** Which rule of the method, from 0 */
  rule: number;
  confidence: {
    value: number;
    low: number;
    high: number;
    basis: "exact" | "estimate" | "sample";
    /** Of how many values or rows */
    of?: number;
  };
  factors: {
    variable: string;
    weight: number;
    score: {
      value: number;
      low: number;
      high: number;
      basis: "exact" | "estimate" | "sample";
      /** Of how many values or rows */
      of?: number;
    };
    /** weight · score */
    contribution: number;
    /** Of the confidence, 0 to 1 */
    share: number;
  }[];
  alias?: {
    nameRegex: string;
    score: number;
  };
  /** Terms that were found or values that matched */
  matched: string[];
  /** Values that did not match */
  unmatched: string[];
  /** The smallest change of one score that would turn the verdict; where none would, of all together (`confidenceScore`). Absent where those would not either */
  flip?: {
    variable: string;
    from: number;
    to: number;
    text: string;
  };
  /** More rows could turn the verdict */
  close: boolean;
};

export type Facet = {
  /** Name of the facet, as in `searchFacets` */
  key: string;
  /** Most frequent first */
  options: {
    /** For people */
    name: string;
    /** For `searchFacets` */
    value: string;
    count: number;
  }[];
  /** Options beyond those listed */
  more: number;
};

/** Finite numbers and times */
export type HistogramFigure = {
  value: {
    /** Smallest value of the bin */
    from: string;
    /** The value from which on the next bin begins */
    to: string;
    /** Rows */
    count: number;
  }[];
  /** Of every row that was read */
  basis: "exact";
} | {
  value: {
    /** Smallest value of the bin */
    from: string;
    /** The value from which on the next bin begins */
    to: string;
    /** Rows */
    count: number;
  }[];
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: {
    /** Smallest value of the bin */
    from: string;
    /** The value from which on the next bin begins */
    to: string;
    /** Rows */
    count: number;
  }[];
  /** Upper end of the 95 % interval */
  high?: {
    /** Smallest value of the bin */
    from: string;
    /** The value from which on the next bin begins */
    to: string;
    /** Rows */
    count: number;
  }[];
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: {
    /** Smallest value of the bin */
    from: string;
    /** The value from which on the next bin begins */
    to: string;
    /** Rows */
    count: number;
  }[];
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: {
    /** Smallest value of the bin */
    from: string;
    /** The value from which on the next bin begins */
    to: string;
    /** Rows */
    count: number;
  }[];
  /** Upper end of the 95 % interval */
  high?: {
    /** Smallest value of the bin */
    from: string;
    /** The value from which on the next bin begins */
    to: string;
    /** Rows */
    count: number;
  }[];
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** What became of one member of an upload */
export type ImportVerdict = {
  /** The file, of inner zips with the path to it; `body` where there is one only */
  member: string;
  verdict: "created" | "overwritten" | "unchanged" | "rejected";
  id: string;
  name: string;
  /** Rows of terms */
  terms: number;
  /** Different terms without regard to case */
  cardinality: number;
  /** What was left out or may not be what was meant; by line where it helps */
  warnings: string[];
  /** Why it was rejected */
  problems: string[];
};

/** A job */
export type Job = {
  /** Id of the job */
  workerId: string;
  /** Name of the job: METADATA_INGEST */
  workerName: string;
  /** Title of the job */
  activity: string;
  /** ACCEPTED → RUNNING → COMPLETED or FAILED; CANCELLING → CANCELLED */
  status: "ACCEPTED" | "RUNNING" | "CANCELLING" | "COMPLETED" | "FAILED" | "CANCELLED";
  user: {
    name: string;
    email: string;
    firstName: string;
    lastName: string;
  };
  createdAt: string;
  /** Milliseconds since it started; 0 while ACCEPTED */
  duration: number;
  /** What the job works on; titles as they were when it was accepted */
  scope: JobScope;
  /** What came of it, or why it waits, in words */
  message: string;
  /** 0 to 100 */
  progress: number;
  /** Items of the job: tables, files, schemas */
  statistics: {
    total: number;
    done: number;
    failed: number;
    skipped: number;
  };
  /** What the job did, by kind and count; notDone by reason */
  effects: JobEffects;
  /** Workers that did tasks of it */
  runners: {
    name: string;
    host: string;
    tasks: number;
    running: number;
  }[];
  _id: string;
  pId: number;
  userId: string;
  resourceIds: string[];
  startedAt: string;
  finishedAt: string;
  rerunOf: string;
};

/** A job in full */
export type JobDetail = {
  /** Id of the job */
  workerId: string;
  /** Name of the job: METADATA_INGEST */
  workerName: string;
  /** Title of the job */
  activity: string;
  /** ACCEPTED → RUNNING → COMPLETED or FAILED; CANCELLING → CANCELLED */
  status: "ACCEPTED" | "RUNNING" | "CANCELLING" | "COMPLETED" | "FAILED" | "CANCELLED";
  user: {
    name: string;
    email: string;
    firstName: string;
    lastName: string;
  };
  createdAt: string;
  /** Milliseconds since it started; 0 while ACCEPTED */
  duration: number;
  /** What the job works on; titles as they were when it was accepted */
  scope: JobScope;
  /** What came of it, or why it waits, in words */
  message: string;
  /** 0 to 100 */
  progress: number;
  /** Items of the job: tables, files, schemas */
  statistics: {
    total: number;
    done: number;
    failed: number;
    skipped: number;
  };
  /** What the job did, by kind and count; notDone by reason */
  effects: JobEffects;
  /** Workers that did tasks of it */
  runners: {
    name: string;
    host: string;
    tasks: number;
    running: number;
  }[];
  _id: string;
  pId: number;
  userId: string;
  resourceIds: string[];
  startedAt: string;
  finishedAt: string;
  rerunOf: string;
  /** What it was asked to do; secrets are masked */
  input: Record<string, unknown>;
  /** What it found; null until it has ended */
  result: Record<string, unknown> | null;
  /** The first 1,000 tasks; the rest at /jobs/{id}/tasks */
  tasks: JobTask[];
};

/** What the job did, by kind and count; notDone by reason */
export type JobEffects = {
  created: Record<string, number>;
  changed: Record<string, number>;
  deleted: Record<string, number>;
  unchanged: Record<string, number>;
  skipped: Record<string, number>;
  notDone: Record<string, number>;
};

export type JobEvent = {
  seq: number;
  at: string;
  level: string;
  kind: string;
  message: string;
  details: Record<string, unknown>;
};

/** What the job works on; titles as they were when it was accepted */
export type JobScope = {
  dataSources: {
    _id: string;
    title: string;
  }[];
  scope: {
    type: string;
    _id: string;
    title: string;
  }[];
};

/** Status of a job */
export type JobStatus = {
  /** Id of the job */
  workerId: string;
  /** Name of the job: METADATA_INGEST */
  workerName: string;
  /** Title of the job */
  activity: string;
  /** ACCEPTED → RUNNING → COMPLETED or FAILED; CANCELLING → CANCELLED */
  status: "ACCEPTED" | "RUNNING" | "CANCELLING" | "COMPLETED" | "FAILED" | "CANCELLED";
  user: {
    name: string;
    email: string;
    firstName: string;
    lastName: string;
  };
  createdAt: string;
  /** Milliseconds since it started; 0 while ACCEPTED */
  duration: number;
  /** What the job works on; titles as they were when it was accepted */
  scope: JobScope;
  /** What came of it, or why it waits, in words */
  message: string;
  /** 0 to 100 */
  progress: number;
  /** Items of the job: tables, files, schemas */
  statistics: {
    total: number;
    done: number;
    failed: number;
    skipped: number;
  };
  /** What the job did, by kind and count; notDone by reason */
  effects: JobEffects;
  /** Workers that did tasks of it */
  runners: {
    name: string;
    host: string;
    tasks: number;
    running: number;
  }[];
};

export type JobTask = {
  _id: string;
  title: string;
  kind: "plan" | "work";
  stage: number;
  state: string;
  attempt: number;
  progress: number;
  reason: string;
  error: {
    code: string;
    message: string;
  } | null;
  affinity: string;
  workerName: string;
  workerHost: string;
  startedAt: string;
  finishedAt: string;
};

/** A method that cannot judge a column */
export type Lack = {
  /** Id of the table, view or file */
  tableId: string;
  columnId: string;
  /** Name of the column */
  column: string;
  methodId: string;
  /** Name of the dictionary or data pattern */
  method: string;
  /** What is missing, and what would bring it */
  missing: string[];
};

/** Code points of texts, bytes of binary values */
export type LengthFigure = {
  value: {
    /** Shortest; null where there are no values */
    min: number | null;
    /** Longest */
    max: number | null;
    /** Mean */
    mean: number | null;
    /** Of the sample (n − 1); null below two values */
    standardDeviation: number | null;
  };
  /** Of every row that was read */
  basis: "exact";
} | {
  value: {
    /** Shortest; null where there are no values */
    min: number | null;
    /** Longest */
    max: number | null;
    /** Mean */
    mean: number | null;
    /** Of the sample (n − 1); null below two values */
    standardDeviation: number | null;
  };
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: {
    /** Shortest; null where there are no values */
    min: number | null;
    /** Longest */
    max: number | null;
    /** Mean */
    mean: number | null;
    /** Of the sample (n − 1); null below two values */
    standardDeviation: number | null;
  };
  /** Upper end of the 95 % interval */
  high?: {
    /** Shortest; null where there are no values */
    min: number | null;
    /** Longest */
    max: number | null;
    /** Mean */
    mean: number | null;
    /** Of the sample (n − 1); null below two values */
    standardDeviation: number | null;
  };
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: {
    /** Shortest; null where there are no values */
    min: number | null;
    /** Longest */
    max: number | null;
    /** Mean */
    mean: number | null;
    /** Of the sample (n − 1); null below two values */
    standardDeviation: number | null;
  };
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: {
    /** Shortest; null where there are no values */
    min: number | null;
    /** Longest */
    max: number | null;
    /** Mean */
    mean: number | null;
    /** Of the sample (n − 1); null below two values */
    standardDeviation: number | null;
  };
  /** Upper end of the 95 % interval */
  high?: {
    /** Shortest; null where there are no values */
    min: number | null;
    /** Longest */
    max: number | null;
    /** Mean */
    mean: number | null;
    /** Of the sample (n − 1); null below two values */
    standardDeviation: number | null;
  };
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** What the values of a text are, and in which format */
export type LogicalTypeFigure = {
  value: {
    /** `integer`, `date`, `uuid`, `email`, … or `text` */
    type: string;
    /** Share of the rows that are neither null nor blank whose value is of this type, 0 to 1 */
    share: number;
    /** Lower end of the 95 % interval of the share; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the share */
    high?: number;
    /** The most frequent format; absent where the type has but one */
    format?: string;
    /** All formats where there are several, at most 10 */
    formats?: {
      /** `dd/MM/yyyy` */
      format: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
    /** Readings that explain the same values, the chosen one among them */
    ambiguous?: string[];
    /** What the other values are */
    others: {
      /** Type, or `placeholder` */
      type: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
  };
  /** Of every row that was read */
  basis: "exact";
} | {
  value: {
    /** `integer`, `date`, `uuid`, `email`, … or `text` */
    type: string;
    /** Share of the rows that are neither null nor blank whose value is of this type, 0 to 1 */
    share: number;
    /** Lower end of the 95 % interval of the share; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the share */
    high?: number;
    /** The most frequent format; absent where the type has but one */
    format?: string;
    /** All formats where there are several, at most 10 */
    formats?: {
      /** `dd/MM/yyyy` */
      format: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
    /** Readings that explain the same values, the chosen one among them */
    ambiguous?: string[];
    /** What the other values are */
    others: {
      /** Type, or `placeholder` */
      type: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
  };
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: {
    /** `integer`, `date`, `uuid`, `email`, … or `text` */
    type: string;
    /** Share of the rows that are neither null nor blank whose value is of this type, 0 to 1 */
    share: number;
    /** Lower end of the 95 % interval of the share; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the share */
    high?: number;
    /** The most frequent format; absent where the type has but one */
    format?: string;
    /** All formats where there are several, at most 10 */
    formats?: {
      /** `dd/MM/yyyy` */
      format: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
    /** Readings that explain the same values, the chosen one among them */
    ambiguous?: string[];
    /** What the other values are */
    others: {
      /** Type, or `placeholder` */
      type: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
  };
  /** Upper end of the 95 % interval */
  high?: {
    /** `integer`, `date`, `uuid`, `email`, … or `text` */
    type: string;
    /** Share of the rows that are neither null nor blank whose value is of this type, 0 to 1 */
    share: number;
    /** Lower end of the 95 % interval of the share; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the share */
    high?: number;
    /** The most frequent format; absent where the type has but one */
    format?: string;
    /** All formats where there are several, at most 10 */
    formats?: {
      /** `dd/MM/yyyy` */
      format: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
    /** Readings that explain the same values, the chosen one among them */
    ambiguous?: string[];
    /** What the other values are */
    others: {
      /** Type, or `placeholder` */
      type: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
  };
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: {
    /** `integer`, `date`, `uuid`, `email`, … or `text` */
    type: string;
    /** Share of the rows that are neither null nor blank whose value is of this type, 0 to 1 */
    share: number;
    /** Lower end of the 95 % interval of the share; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the share */
    high?: number;
    /** The most frequent format; absent where the type has but one */
    format?: string;
    /** All formats where there are several, at most 10 */
    formats?: {
      /** `dd/MM/yyyy` */
      format: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
    /** Readings that explain the same values, the chosen one among them */
    ambiguous?: string[];
    /** What the other values are */
    others: {
      /** Type, or `placeholder` */
      type: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
  };
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: {
    /** `integer`, `date`, `uuid`, `email`, … or `text` */
    type: string;
    /** Share of the rows that are neither null nor blank whose value is of this type, 0 to 1 */
    share: number;
    /** Lower end of the 95 % interval of the share; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the share */
    high?: number;
    /** The most frequent format; absent where the type has but one */
    format?: string;
    /** All formats where there are several, at most 10 */
    formats?: {
      /** `dd/MM/yyyy` */
      format: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
    /** Readings that explain the same values, the chosen one among them */
    ambiguous?: string[];
    /** What the other values are */
    others: {
      /** Type, or `placeholder` */
      type: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
  };
  /** Upper end of the 95 % interval */
  high?: {
    /** `integer`, `date`, `uuid`, `email`, … or `text` */
    type: string;
    /** Share of the rows that are neither null nor blank whose value is of this type, 0 to 1 */
    share: number;
    /** Lower end of the 95 % interval of the share; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the share */
    high?: number;
    /** The most frequent format; absent where the type has but one */
    format?: string;
    /** All formats where there are several, at most 10 */
    formats?: {
      /** `dd/MM/yyyy` */
      format: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
    /** Readings that explain the same values, the chosen one among them */
    ambiguous?: string[];
    /** What the other values are */
    others: {
      /** Type, or `placeholder` */
      type: string;
      /** Share of the rows that are neither null nor blank, 0 to 1 */
      share: number;
    }[];
  };
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** The definition in the fields it came with, and beside them what Assay knows of it */
export type Method = {
  _id: string;
  name: string;
  type: "Dictionary" | "DataPattern";
  /** Whether jobs without a choice of methods use it */
  isEnabled: boolean;
  /** It came with Assay: it can be switched on and off and copied, not changed or deleted */
  builtIn: boolean;
  categories: string[];
  language: string;
  description: string;
  /** A dictionary without terms matches nothing */
  state: "READY" | "NO_TERMS";
  /** Rows of terms; 0 for data patterns */
  termCount: number;
  /** Different terms without regard to case */
  cardinality: number;
  /** How it came: json, csv, zip, column, copy, built-in */
  origin: string;
  /** Changes with everything that could change a verdict; evidence names it */
  methodVersion: string;
  createdAt: string;
  updatedAt: string;
  /** What was doubtful when it was stored */
  warnings: string[];
  rules: Record<string, unknown>[];
  [key: string]: unknown;
};

export type MethodChange = Record<string, unknown>;

export type MethodHead = {
  _id: string;
  name: string;
  type: "Dictionary" | "DataPattern";
  /** Whether jobs without a choice of methods use it */
  isEnabled: boolean;
  /** It came with Assay: it can be switched on and off and copied, not changed or deleted */
  builtIn: boolean;
  categories: string[];
  language: string;
  description: string;
  /** A dictionary without terms matches nothing */
  state: "READY" | "NO_TERMS";
  /** Rows of terms; 0 for data patterns */
  termCount: number;
  /** Different terms without regard to case */
  cardinality: number;
  /** How it came: json, csv, zip, column, copy, built-in */
  origin: string;
  /** Changes with everything that could change a verdict; evidence names it */
  methodVersion: string;
  createdAt: string;
  updatedAt: string;
};

export type NewBusinessTerm = {
  /** What the business calls it */
  name: string;
  /** The glossary it is in */
  glossary: string;
  /** Where in the glossary; "" for its top */
  category?: string;
  /** What it means */
  description?: string;
};

export type NewDataPattern = Record<string, unknown>;

export type NewDataSource = {
  /** Name of the data source, unique */
  resourceName: string;
  /** Id of a saved data source, 24 hex digits */
  resourceId?: string;
  /** Permanent, unique id of the data source; made when left out; cannot be changed */
  fqdnId?: string;
  /** Kind of source, e.g. POSTGRES; upper or lower case */
  databaseType: string;
  /** Which workers reach the source; DEFAULT when left out */
  affinityId?: string;
  /** How the connection is given: credentials or uri */
  configMethod?: string;
  /** Host name or address */
  host?: string;
  /** Port */
  port?: string;
  /** Connection URI, in JDBC form (jdbc:postgresql://…) or native form; a password in it is kept as a secret */
  uri?: string;
  /** Database name */
  databaseName?: string;
  /** File or folder */
  path?: string;
  /** User name */
  userName?: string;
  /** Password */
  password?: string;
  /** Schemas to ingest, exact names; empty means all */
  schemaNames?: string[];
  /** Globs of what to ingest, matched against schema/table or the path below path */
  includePatterns?: string[];
  /** Globs of what to leave out; they win over includePatterns */
  excludePatterns?: string[];
  /** Description */
  description?: string;
  /** Note */
  note?: string;
  /** Owners */
  owners?: Record<string, unknown>[];
  /** Users */
  users?: string[];
  /** Where the source stands: {country} */
  location?: Record<string, unknown>;
  /** Cost per terabyte: {price, frequency} */
  costPerTb?: Record<string, unknown>;
  /** Total capacity in terabytes */
  totalCapacity?: number;
  /** Job classpath */
  jobClasspath?: string;
  /** Driver class name */
  driverClassName?: string;
  /** SPI version */
  spiVersion?: string;
  /** Service type */
  serviceType?: string;
  /** OAuth client id */
  oauthClientId?: string;
  /** OAuth client secret */
  oauthClientSecret?: string;
  /** OAuth type */
  oAuthType?: number;
  /** HDFS credential type */
  hdfsCredType?: string;
  /** Endpoint of an object store */
  endpoint?: string;
  /** Bucket or container */
  container?: string;
  /** Access id */
  accessId?: string;
  /** Access key */
  accessKey?: string;
  /** Secret key */
  secretKey?: string;
  /** Secret manager key */
  secretManagerKey?: string;
  /** Project */
  project?: string;
  /** Path of a key file on the worker */
  keyPath?: string;
  /** Client e-mail of a service account */
  clientEmail?: string;
  /** Warehouse */
  warehouse?: string;
  /** Cloud region */
  region?: string;
  /** Cloud account number */
  accountNumber?: string;
  /** IAM user name */
  iamUsername?: string;
  /** AWS access key id */
  accessKeyID?: string;
  /** AWS secret access key */
  secretAccessKey?: string;
  /** Role to assume */
  assumeRole?: string;
  /** Role */
  role?: string;
  /** External id */
  externalID?: string;
  /** How the connection is encrypted */
  sslType?: string;
  /** Do not check the certificate of the server */
  skipSslValidation?: boolean;
  /** Trust store type */
  trustStoreType?: string;
  /** PEM file of the authorities to trust, below a file root of the worker, or the PEM text itself */
  trustStoreLocation?: string;
  /** Trust store password */
  trustStorePassword?: string;
  /** Key store type */
  keyStoreType?: string;
  /** Key store location */
  keyStoreLocation?: string;
  /** Key store password */
  keyStorePassword?: string;
  /** Cipher suite */
  cipherSuite?: string;
  /** Distinguished name that the server must show */
  serverDistinguishedName?: string;
  /** Connection type of Microsoft SQL Server */
  connectionType?: string;
  /** File system type */
  fileSystemType?: string;
  /** Whether symbolic links are followed: "true" or "false" */
  followSymLinks?: string;
  /** Domain */
  domain?: string;
  /** Share name */
  shareName?: string;
  /** Storage account name */
  accountName?: string;
  /** Azure credential type */
  azureCredType?: string;
  /** Azure shared key */
  azureSharedKey?: string;
  /** Azure tenant id */
  azureTenantId?: string;
  /** Available for migration */
  availableForMigration?: boolean;
  /** Enabled for migration */
  enabledForMigration?: boolean;
  /** Available for writing */
  availableForWriting?: boolean;
  /** Available for data mastering */
  availableForDataMastering?: boolean;
  /** Ignored: a password encrypted elsewhere cannot be used */
  encryptedPassword?: string;
  /** Ignored: set by the engine, ONLINE or OFFLINE */
  status?: string;
  /** Ignored: set by the engine, id of the last ingest job */
  lastIngestId?: string;
  /** Ignored: set by the engine, id of the last connection test */
  lastTestConnectionId?: string;
  [key: string]: unknown;
};

export type NewDictionary = Record<string, unknown>;

/** Rows; within nested values: values of the path */
export type NumberFigure = {
  value: number;
  /** Of every row that was read */
  basis: "exact";
} | {
  value: number;
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: number;
  /** Upper end of the 95 % interval */
  high?: number;
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: number;
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: number;
  /** Upper end of the 95 % interval */
  high?: number;
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** What lies at one path within nested values */
export type PathProfile = {
  /** `address.city`, `orders[].sku`, `attrs{}.key` */
  path: string;
  /** Rows; within nested values: values of the path */
  rows: NumberFigure;
  /** Rows that are not null */
  nonNull: NumberFigure;
  /** Rows that are null */
  nulls: NumberFigure;
  /** Rows of the table that have at least one value of the path */
  presentIn: NumberFigure;
  /** Of JSON: values by their JSON type, nulls left out */
  types?: Record<string, number>;
  /** Elements of the arrays or maps */
  arrayLength?: LengthFigure;
  /** Type in the words of the source */
  nativeType?: string;
  /** Type in which the values were measured */
  duckdbType?: string;
  /** Whether the source declared the type */
  typeBasis?: "precise" | "inferred";
  /** What the values are */
  kind?: "integer" | "decimal" | "float" | "text" | "boolean" | "date" | "time" | "timestamp" | "interval" | "uuid" | "blob" | "nested" | "other";
  /** Rows: texts that are empty or white space only */
  blanks?: NumberFigure;
  /** Different values, neither nulls nor blanks among them */
  distinct?: NumberFigure;
  /** Percent: 100 · distinct / rows */
  uniqueness?: NumberFigure;
  /** Percent: 100 · (rows − nulls − blanks) / rows */
  density?: NumberFigure;
  /** Percent: 100 · Σ (count / rows)²; 100 for a constant, 100 / rows for a key */
  selectivity?: NumberFigure;
  /** Smallest number or time */
  min?: ValueFigure;
  /** Largest number or time */
  max?: ValueFigure;
  /** First text in the order of UTF-8 bytes */
  lexicalMin?: ValueFigure;
  /** Last text in the order of UTF-8 bytes */
  lexicalMax?: ValueFigure;
  /** Sum, in the unit of the values */
  sum?: ValueFigure;
  /** Mean, in the unit of the values */
  mean?: ValueFigure;
  /** Of the sample (n − 1), in the unit of the values */
  standardDeviation?: ValueFigure;
  /** Rows: not a number; of doubles, and of decimals that have some, which are in no other figure of decimals than the filled rows */
  nan?: NumberFigure;
  /** Rows: infinite; as `nan` */
  infinite?: NumberFigure;
  /** Code points of texts, bytes of binary values */
  length?: LengthFigure;
  /** The most frequent values */
  topValues?: TopValuesFigure;
  /** The most frequent patterns; docs/profile.md has the alphabet */
  patterns?: PatternsFigure;
  /** What the values of a text are, and in which format */
  logicalType?: LogicalTypeFigure;
  /** Regular expressions that the values of a text follow */
  regexes?: RegexesFigure;
  /** Quality estimate */
  quality?: QualityFigure;
  /** At 0.01, 0.05, 0.25, 0.5, 0.75, 0.95 and 0.99 */
  quantiles?: QuantilesFigure;
  /** Finite numbers and times */
  histogram?: HistogramFigure;
};

/** The most frequent patterns; docs/profile.md has the alphabet */
export type PatternsFigure = {
  value: {
    /** One letter for each character: A a L d w c s */
    pattern: string;
    /** Rows whose value has it */
    count: number;
    /** Percent of the rows whose value is neither null nor blank, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
    /** 100 · count / count of the most frequent pattern */
    heat: number;
    /** One of its values, cut at 128 characters */
    sample: string;
    /** The smallest character at each place, by code point */
    smallest: string;
    /** The largest character at each place */
    largest: string;
  }[];
  /** Of every row that was read */
  basis: "exact";
} | {
  value: {
    /** One letter for each character: A a L d w c s */
    pattern: string;
    /** Rows whose value has it */
    count: number;
    /** Percent of the rows whose value is neither null nor blank, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
    /** 100 · count / count of the most frequent pattern */
    heat: number;
    /** One of its values, cut at 128 characters */
    sample: string;
    /** The smallest character at each place, by code point */
    smallest: string;
    /** The largest character at each place */
    largest: string;
  }[];
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: {
    /** One letter for each character: A a L d w c s */
    pattern: string;
    /** Rows whose value has it */
    count: number;
    /** Percent of the rows whose value is neither null nor blank, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
    /** 100 · count / count of the most frequent pattern */
    heat: number;
    /** One of its values, cut at 128 characters */
    sample: string;
    /** The smallest character at each place, by code point */
    smallest: string;
    /** The largest character at each place */
    largest: string;
  }[];
  /** Upper end of the 95 % interval */
  high?: {
    /** One letter for each character: A a L d w c s */
    pattern: string;
    /** Rows whose value has it */
    count: number;
    /** Percent of the rows whose value is neither null nor blank, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
    /** 100 · count / count of the most frequent pattern */
    heat: number;
    /** One of its values, cut at 128 characters */
    sample: string;
    /** The smallest character at each place, by code point */
    smallest: string;
    /** The largest character at each place */
    largest: string;
  }[];
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: {
    /** One letter for each character: A a L d w c s */
    pattern: string;
    /** Rows whose value has it */
    count: number;
    /** Percent of the rows whose value is neither null nor blank, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
    /** 100 · count / count of the most frequent pattern */
    heat: number;
    /** One of its values, cut at 128 characters */
    sample: string;
    /** The smallest character at each place, by code point */
    smallest: string;
    /** The largest character at each place */
    largest: string;
  }[];
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: {
    /** One letter for each character: A a L d w c s */
    pattern: string;
    /** Rows whose value has it */
    count: number;
    /** Percent of the rows whose value is neither null nor blank, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
    /** 100 · count / count of the most frequent pattern */
    heat: number;
    /** One of its values, cut at 128 characters */
    sample: string;
    /** The smallest character at each place, by code point */
    smallest: string;
    /** The largest character at each place */
    largest: string;
  }[];
  /** Upper end of the 95 % interval */
  high?: {
    /** One letter for each character: A a L d w c s */
    pattern: string;
    /** Rows whose value has it */
    count: number;
    /** Percent of the rows whose value is neither null nor blank, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
    /** 100 · count / count of the most frequent pattern */
    heat: number;
    /** One of its values, cut at 128 characters */
    sample: string;
    /** The smallest character at each place, by code point */
    smallest: string;
    /** The largest character at each place */
    largest: string;
  }[];
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** Of which rows the figures are */
export type ProfileBasis = {
  /** Which rows were read */
  kind: "all rows" | "first rows" | "every n-th row" | "percentage" | "rows chosen at random" | "blocks chosen at random" | "filter";
  /** Every n-th row */
  n?: number;
  /** Each row with this chance, in percent */
  percent?: number;
  /** So many rows were asked for */
  wanted?: number;
  /** Seed of the choice: it stays with the table */
  seed?: number;
  /** Only rows that fulfil the condition of the request */
  filtered?: boolean;
  /** Why not all rows, when nobody asked for less */
  why?: string;
  /** Rows that the figures are of */
  rowsRead: number;
  /** Parts in which the table was read */
  partitions: number;
  /** The parts were read at different moments */
  snapshot?: "each part";
  /** The source measured its rows itself */
  computed?: "in the source";
  /** How far a profile goes that was made in several runs */
  watermark?: {
    /** Column whose values only grow */
    column: string;
    /** Rows above this value were read; null: all rows. `******` without `viewSamples` */
    from: string | null;
    /** The largest value that was seen; null: there was none */
    to: string | null;
    /** When all rows were last read, ISO 8601 */
    since: string;
    /** Runs that are added up */
    runs: number;
    /** Rows that the last run added */
    newRows: number;
    /** Rows without a value in the column when all rows were read */
    nulls: number;
    /** Why all rows were read again */
    why?: string;
  };
};

export type ProfileComparison = {
  before: {
    entityId: string;
    fqdn: string;
    profileId: number;
    jobId: string;
    profiledAt: string;
    /** Of which rows the figures are */
    basis: ProfileBasis;
  };
  after: {
    entityId: string;
    fqdn: string;
    profileId: number;
    jobId: string;
    profiledAt: string;
    /** Of which rows the figures are */
    basis: ProfileBasis;
  };
  /** What changed, the largest change first */
  drifts: Drift[];
  /** `before`, `after`, and `change`: a value with its basis, or `incomparable` with the reason */
  rows: Record<string, unknown>;
  /** Those that changed most come first; one, when columns are compared */
  columns: ColumnComparison[];
  columnsAdded: {
    name: string;
    nativeType: string;
  }[];
  columnsRemoved: {
    name: string;
    nativeType: string;
  }[];
  typesChanged: {
    name: string;
    before: string;
    after: string;
  }[];
  columnsNotCompared: {
    name: string;
    reason: string;
  }[];
};

/** Something a person should look at */
export type ProfileFinding = {
  /** LIKELY_KEY, CONSTANT, HIGH_NULL_SHARE, … */
  code: string;
  /** How much it matters */
  severity: "warning" | "notice" | "info";
  /** For people; holds no value of the column */
  sentence: string;
  /** The numbers it rests on */
  figures: Record<string, number>;
};

/** A profile in the history of an entity */
export type ProfileHead = {
  /** Id of the profile; later ones are larger */
  profileId: number;
  /** The job that made it, 24 hex digits */
  jobId: string;
  profiledAt: string;
  /** Whether it is the one that the entity shows */
  current: boolean;
  /** Of which rows the figures are */
  basis: ProfileBasis;
  /** The number of rows */
  rows: NumberFigure;
};

export type ProfiledEntity = {
  /** Id, a UUID */
  _id: string;
  _index: string;
  name: string;
  /** RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER or FILE */
  type: string;
  /** Permanent, unique name: the fqdnId of the source and the names below it, joined by slashes; a slash within a name is %2F, a percent sign %25 */
  fqdn: string;
  /** Name for people; with extended=true */
  fqdnDisplay?: string;
  /** "" for the root of a data source */
  parentId: string;
  rootId: string;
  /** Id of the data source */
  resourceId: string;
  /** Name of the data source; with extended=true */
  resourceName?: string;
  createdAt: string;
  updatedAt: string;
  /** "" when it never was */
  system: {
    profiledAt: string;
    scannedAt: string;
  };
  /** What the harvest and profiling know: column, table, file, stats, … */
  metadata: Record<string, unknown>;
  /** What people and jobs say of it */
  attributes: Record<string, unknown>;
  /** null for what has no profile or is no column */
  profilingInfo: Record<string, unknown> | null;
};

/** Quality estimate */
export type QualityFigure = {
  value: {
    /** 100 · completeness · conformity */
    percent: number;
    /** (rows − nulls − blanks − placeholders) / rows, 0 to 1 */
    completeness: number;
    /** Share of the values that are as the others are, 0 to 1 */
    conformity: number;
    /** What conformity was judged by */
    by: "declared type" | "format" | "patterns" | "nothing: free text";
  };
  /** Of every row that was read */
  basis: "exact";
} | {
  value: {
    /** 100 · completeness · conformity */
    percent: number;
    /** (rows − nulls − blanks − placeholders) / rows, 0 to 1 */
    completeness: number;
    /** Share of the values that are as the others are, 0 to 1 */
    conformity: number;
    /** What conformity was judged by */
    by: "declared type" | "format" | "patterns" | "nothing: free text";
  };
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: {
    /** 100 · completeness · conformity */
    percent: number;
    /** (rows − nulls − blanks − placeholders) / rows, 0 to 1 */
    completeness: number;
    /** Share of the values that are as the others are, 0 to 1 */
    conformity: number;
    /** What conformity was judged by */
    by: "declared type" | "format" | "patterns" | "nothing: free text";
  };
  /** Upper end of the 95 % interval */
  high?: {
    /** 100 · completeness · conformity */
    percent: number;
    /** (rows − nulls − blanks − placeholders) / rows, 0 to 1 */
    completeness: number;
    /** Share of the values that are as the others are, 0 to 1 */
    conformity: number;
    /** What conformity was judged by */
    by: "declared type" | "format" | "patterns" | "nothing: free text";
  };
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: {
    /** 100 · completeness · conformity */
    percent: number;
    /** (rows − nulls − blanks − placeholders) / rows, 0 to 1 */
    completeness: number;
    /** Share of the values that are as the others are, 0 to 1 */
    conformity: number;
    /** What conformity was judged by */
    by: "declared type" | "format" | "patterns" | "nothing: free text";
  };
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: {
    /** 100 · completeness · conformity */
    percent: number;
    /** (rows − nulls − blanks − placeholders) / rows, 0 to 1 */
    completeness: number;
    /** Share of the values that are as the others are, 0 to 1 */
    conformity: number;
    /** What conformity was judged by */
    by: "declared type" | "format" | "patterns" | "nothing: free text";
  };
  /** Upper end of the 95 % interval */
  high?: {
    /** 100 · completeness · conformity */
    percent: number;
    /** (rows − nulls − blanks − placeholders) / rows, 0 to 1 */
    completeness: number;
    /** Share of the values that are as the others are, 0 to 1 */
    conformity: number;
    /** What conformity was judged by */
    by: "declared type" | "format" | "patterns" | "nothing: free text";
  };
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** At 0.01, 0.05, 0.25, 0.5, 0.75, 0.95 and 0.99 */
export type QuantilesFigure = {
  value: Record<string, string>;
  /** Of every row that was read */
  basis: "exact";
} | {
  value: Record<string, string>;
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: Record<string, string>;
  /** Upper end of the 95 % interval */
  high?: Record<string, string>;
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: Record<string, string>;
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: Record<string, string>;
  /** Upper end of the 95 % interval */
  high?: Record<string, string>;
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** This item was refused */
export type RefusedItem = {
  /** Place in the body, from 0 */
  index: number;
  /** As it was sent; "" when that is no text */
  name: string;
  /** No job was made */
  status: "FAILED";
  /** What the route of this job alone would have answered with */
  httpStatus: number;
  /** Stable code of the error table */
  code: string;
  /** Every problem */
  message: string | string[];
};

/** Regular expressions that the values of a text follow */
export type RegexesFigure = {
  value: {
    /** How narrow it is */
    strictness: "loose" | "moderate" | "strict";
    /** In what RE2, Java and JavaScript have in common; `******` without the right `viewSamples` */
    regex: string;
    /** Share of the rows that are not null whose value it matches, 0 to 1 */
    coverage: number;
    /** Lower end of the 95 % interval of the coverage; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the coverage */
    high?: number;
  }[];
  /** Of every row that was read */
  basis: "exact";
} | {
  value: {
    /** How narrow it is */
    strictness: "loose" | "moderate" | "strict";
    /** In what RE2, Java and JavaScript have in common; `******` without the right `viewSamples` */
    regex: string;
    /** Share of the rows that are not null whose value it matches, 0 to 1 */
    coverage: number;
    /** Lower end of the 95 % interval of the coverage; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the coverage */
    high?: number;
  }[];
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: {
    /** How narrow it is */
    strictness: "loose" | "moderate" | "strict";
    /** In what RE2, Java and JavaScript have in common; `******` without the right `viewSamples` */
    regex: string;
    /** Share of the rows that are not null whose value it matches, 0 to 1 */
    coverage: number;
    /** Lower end of the 95 % interval of the coverage; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the coverage */
    high?: number;
  }[];
  /** Upper end of the 95 % interval */
  high?: {
    /** How narrow it is */
    strictness: "loose" | "moderate" | "strict";
    /** In what RE2, Java and JavaScript have in common; `******` without the right `viewSamples` */
    regex: string;
    /** Share of the rows that are not null whose value it matches, 0 to 1 */
    coverage: number;
    /** Lower end of the 95 % interval of the coverage; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the coverage */
    high?: number;
  }[];
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: {
    /** How narrow it is */
    strictness: "loose" | "moderate" | "strict";
    /** In what RE2, Java and JavaScript have in common; `******` without the right `viewSamples` */
    regex: string;
    /** Share of the rows that are not null whose value it matches, 0 to 1 */
    coverage: number;
    /** Lower end of the 95 % interval of the coverage; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the coverage */
    high?: number;
  }[];
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: {
    /** How narrow it is */
    strictness: "loose" | "moderate" | "strict";
    /** In what RE2, Java and JavaScript have in common; `******` without the right `viewSamples` */
    regex: string;
    /** Share of the rows that are not null whose value it matches, 0 to 1 */
    coverage: number;
    /** Lower end of the 95 % interval of the coverage; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the coverage */
    high?: number;
  }[];
  /** Upper end of the 95 % interval */
  high?: {
    /** How narrow it is */
    strictness: "loose" | "moderate" | "strict";
    /** In what RE2, Java and JavaScript have in common; `******` without the right `viewSamples` */
    regex: string;
    /** Share of the rows that are not null whose value it matches, 0 to 1 */
    coverage: number;
    /** Lower end of the 95 % interval of the coverage; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the coverage */
    high?: number;
  }[];
} | {
  /** Why the figure could not be had */
  unknown: string;
};

export type Samples = {
  entityId: string;
  /** The job that took the samples */
  jobId: string;
  profiledAt: string;
  /** The caller may not see samples: values are `******` */
  masked: boolean;
  columns: {
    id: string;
    name: string;
  }[];
  /** Rows of the source, the newest first, the others drawn at random; a value for each column. Texts are cut at 200 characters */
  rows: ((string | null)[])[];
};

export type SearchRow = {
  /** Id, a UUID */
  _id: string;
  _index: string;
  name: string;
  /** RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER or FILE */
  type: string;
  /** Permanent, unique name: the fqdnId of the source and the names below it, joined by slashes; a slash within a name is %2F, a percent sign %25 */
  fqdn: string;
  /** Name for people; with extended=true */
  fqdnDisplay?: string;
  /** "" for the root of a data source */
  parentId: string;
  rootId: string;
  /** Id of the data source */
  resourceId: string;
  /** Name of the data source; with extended=true */
  resourceName?: string;
  createdAt: string;
  updatedAt: string;
  /** "" when it never was */
  system: {
    profiledAt: string;
    scannedAt: string;
  };
  /** What the harvest and profiling know: column, table, file, stats, … */
  metadata: Record<string, unknown>;
  /** What people and jobs say of it */
  attributes: Record<string, unknown>;
  /** Higher is better; docs/search.md has the formula */
  score: number;
  /** Fields that answer the term: name, path, description, tags, terms */
  matchedOn: string[];
  /** Where they do */
  highlights: {
    /** name, path, description, tags or terms */
    field: string;
    text: string;
    how: "exact" | "word" | "prefix" | "typo";
    /** [start, end) in UTF-16 units of `text` */
    ranges: number[][];
  }[];
};

/** This item was accepted */
export type StartedItem = {
  userId: string;
  resourceIds: string[];
  /** What the job works on; titles as they were when it was accepted */
  scope: JobScope;
  /** Id of the job: poll /jobs/{id}/status with it */
  _id: string;
  date: string;
  workerName: string;
  activity: string;
  createdAt: string;
  updatedAt: string;
  pId: number;
  __v: number;
  /** ACCEPTED → RUNNING → COMPLETED or FAILED; CANCELLING → CANCELLED */
  status: "ACCEPTED" | "RUNNING" | "CANCELLING" | "COMPLETED" | "FAILED" | "CANCELLED";
  /** The same as `_id` */
  jobId: string;
  /** The same as `_id` */
  id: string;
  index: number;
  name: string;
  message: string;
};

/** What profiling knows of one table, view or file */
export type TableProfile = {
  /** Id of the profile, where one was asked for by it */
  profileId?: number;
  /** The table or column */
  entityId: string;
  /** When it was stored, ISO 8601 in UTC */
  profiledAt: string;
  /** The job that made it, 24 hex digits */
  jobId: string;
  /** Of which rows the figures are */
  basis: ProfileBasis;
  /** Version of this shape */
  version: 1;
  /** Rows of the table */
  rows: NumberFigure;
  /** Columns that were read */
  fields?: number;
  /** Bytes, as the source said when its metadata was last ingested */
  bytes?: NumberFigure;
  /** Every column that was read */
  columnTypes?: {
    /** Name */
    name: string;
    /** In the words of the source */
    nativeType: string;
  }[];
  /** Single columns in which every row has a value of its own, at most 100 */
  keys?: {
    /** Name */
    column: string;
    /** Whether every value was counted */
    as: "key" | "likely key";
    /** Different values */
    distinct: NumberFigure;
  }[];
  /** The largest value of each column of dates or timestamps */
  newest?: {
    /** Name */
    column: string;
    /** It may lie in the future */
    value: ValueFigure;
  }[];
  /** Absent without the right `viewSamples` */
  freshness?: {
    /** Name */
    column: string;
    /** The newest value that does not lie after the profile */
    newest: string;
    /** Days between it and the profile */
    days: number;
  };
  /** Rows less different rows */
  duplicateRows?: NumberFigure;
  /** What was out of the ordinary when the rows were read */
  warnings?: string[];
  /** Lines of a file that could not be read as rows */
  rejectedRows?: number;
  /** The columns in the order of the table */
  columns?: ColumnProfile[];
};

export type TokenPair = {
  /** JWT; send it as `Authorization: Bearer …` */
  accessToken: string;
  /** Works once, at /auth/refresh */
  refreshToken: string;
  /** Life of the access token, in seconds */
  expiresIn: number;
};

/** The most frequent values */
export type TopValuesFigure = {
  value: {
    /** Cut behind 1,024 characters, then with … behind it; `******` without the right `viewSamples` */
    value: string;
    /** Rows that hold it */
    count: number;
    /** Percent of all rows, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
  }[];
  /** Of every row that was read */
  basis: "exact";
} | {
  value: {
    /** Cut behind 1,024 characters, then with … behind it; `******` without the right `viewSamples` */
    value: string;
    /** Rows that hold it */
    count: number;
    /** Percent of all rows, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
  }[];
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: {
    /** Cut behind 1,024 characters, then with … behind it; `******` without the right `viewSamples` */
    value: string;
    /** Rows that hold it */
    count: number;
    /** Percent of all rows, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
  }[];
  /** Upper end of the 95 % interval */
  high?: {
    /** Cut behind 1,024 characters, then with … behind it; `******` without the right `viewSamples` */
    value: string;
    /** Rows that hold it */
    count: number;
    /** Percent of all rows, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
  }[];
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: {
    /** Cut behind 1,024 characters, then with … behind it; `******` without the right `viewSamples` */
    value: string;
    /** Rows that hold it */
    count: number;
    /** Percent of all rows, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
  }[];
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: {
    /** Cut behind 1,024 characters, then with … behind it; `******` without the right `viewSamples` */
    value: string;
    /** Rows that hold it */
    count: number;
    /** Percent of all rows, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
  }[];
  /** Upper end of the 95 % interval */
  high?: {
    /** Cut behind 1,024 characters, then with … behind it; `******` without the right `viewSamples` */
    value: string;
    /** Rows that hold it */
    count: number;
    /** Percent of all rows, 0 to 100 */
    percent: number;
    /** Lower end of the 95 % interval of the count; absent where that is exact */
    low?: number;
    /** Upper end of the 95 % interval of the count */
    high?: number;
  }[];
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** A user */
export type User = {
  /** Id, a UUID */
  _id: string;
  username: string;
  name: string;
  firstName: string;
  lastName: string;
  email: string;
  roles: string[];
  disabled: boolean;
  /** Where the user signs in; "" for users of Assay itself */
  issuer: string;
  /** "" if never */
  lastLoginAt: string;
  createdAt: string;
  updatedAt: string;
};

/** Smallest number or time */
export type ValueFigure = {
  value: string | null;
  /** Of every row that was read */
  basis: "exact";
} | {
  value: string | null;
  /** Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice */
  basis: "estimate";
  /** Lower end of the 95 % interval */
  low?: string | null;
  /** Upper end of the 95 % interval */
  high?: string | null;
  /** Relative standard error; of quantiles the largest error of a rank, as a share of the rows */
  error?: number;
  /** No count is off by more rows than this */
  within?: number;
} | {
  value: string | null;
  /** Of some of the rows */
  basis: "sample";
  /** So many rows */
  ofRows: number;
  /** Lower end of the 95 % interval */
  low?: string | null;
  /** Upper end of the 95 % interval */
  high?: string | null;
} | {
  /** Why the figure could not be had */
  unknown: string;
};

/** What a method says of a column */
export type Verdict = {
  methodId: string;
  method: string;
  column: string;
  outcome: "matched" | "not matched" | "could not match";
  /** Of `could not match`: what is missing, and what would bring it */
  missing: string[];
  evidence?: Evidence;
  /** What the job would apply */
  actions: {
    tags: string[];
    tableTags: string[];
    terms: {
      name: string;
      id?: string;
    }[];
    sensitivity?: "LOW" | "MEDIUM" | "HIGH";
  }[];
};

/** Every operation: `<METHOD> <path>`, paths below /api/public/v1 without it. */
export interface Operations {
  /** Whether the server and its database answer */
  'GET /api/public/health': {
    answer: {
      message: "OK";
    };
  };
  /** Start a job by its name */
  'POST /api/start-job': {
    header?: {
      /** A request repeated with the same key within 24 hours returns the first job */
      "idempotency-key"?: string;
    };
    body: {
      /** Name of the job */
      name: "TEST_CONNECTION" | "METADATA_INGEST" | "METADATA_REINGEST" | "DATA_PROFILE" | "DATA_IDENTIFICATION" | "CLEANUP_DATASOURCE";
      type: "START";
      /** What the route of the job alone takes */
      data: Record<string, unknown>;
    };
    answer: {
      status: "ACCEPTED";
      message: string;
      data: {
        userId: string;
        resourceIds: string[];
        /** What the job works on; titles as they were when it was accepted */
        scope: JobScope;
        /** Id of the job: poll /jobs/{id}/status with it */
        _id: string;
        date: string;
        workerName: string;
        activity: string;
        createdAt: string;
        updatedAt: string;
        pId: number;
        __v: number;
        /** ACCEPTED → RUNNING → COMPLETED or FAILED; CANCELLING → CANCELLED */
        status: "ACCEPTED" | "RUNNING" | "CANCELLING" | "COMPLETED" | "FAILED" | "CANCELLED";
        /** The same as `_id` */
        jobId: string;
        /** The same as `_id` */
        id: string;
      };
      /** The same as `_id` */
      jobId: string;
      /** The same as `_id` */
      id: string;
    };
  };
  /** Sign in with user name and password */
  'POST /auth': {
    body: {
      /** User name, not the e-mail address */
      username: string;
      /** Password */
      password: string;
      /** Not used */
      client_id?: string;
      /** Not used; a password sign-in in any case */
      grant_type?: string;
      /** Not used */
      scope?: string;
      [key: string]: unknown;
    };
    answer: {
      message: "OK";
      data: TokenPair;
    };
  };
  /** Change a refresh token for new tokens */
  'POST /auth/refresh': {
    body: {
      /** From the sign-in */
      refreshToken: string;
      [key: string]: unknown;
    };
    answer: {
      message: "OK";
      data: TokenPair;
    };
  };
  /** Revoke a refresh token */
  'POST /auth/logout': {
    body: {
      /** From the sign-in */
      refreshToken: string;
      [key: string]: unknown;
    };
    answer: {
      message: "OK";
    };
  };
  /** List the OpenID Connect issuers that people can sign in at */
  'GET /auth/issuers': {
    answer: {
      status: number;
      data: {
        /** URL; its discovery document lies below it */
        issuer: string;
        /** Public client for signing in */
        clientId: string;
        /** What to ask for, separated by spaces */
        scopes: string;
        /** Which of the tokens this server takes */
        tokenToSend: "access_token" | "id_token";
      }[];
    };
  };
  /** List users */
  'GET /users': {
    answer: {
      status: number;
      data: User[];
    };
  };
  /** Add a user */
  'POST /users': {
    body: {
      /** User name, unique without regard to case */
      username: string;
      /** Password, at least 10 characters */
      password: string;
      /** First name */
      firstName?: string;
      /** Last name */
      lastName?: string;
      /** E-mail address */
      email?: "" | string;
      /** Roles: admin, data_steward, data_storage_administrator, data_developer, business_steward, business_user, data_user */
      roles?: ("admin" | "data_steward" | "data_storage_administrator" | "data_developer" | "business_steward" | "business_user" | "data_user")[];
      /** A disabled user cannot sign in */
      disabled?: boolean;
    };
    answer: {
      status: number;
      /** A user */
      data: User;
    };
  };
  /** Who the token belongs to, and what they may do */
  'GET /users/me': {
    answer: {
      status: number;
      data: {
        /** Id, a UUID */
        _id: string;
        username: string;
        name: string;
        firstName: string;
        lastName: string;
        email: string;
        roles: string[];
        disabled: boolean;
        /** Where the user signs in; "" for users of Assay itself */
        issuer: string;
        /** "" if never */
        lastLoginAt: string;
        createdAt: string;
        updatedAt: string;
        rights: string[];
      };
    };
  };
  /** Change your own password */
  'POST /users/me/password': {
    body: {
      /** The password so far */
      currentPassword: string;
      /** Password, at least 10 characters */
      newPassword: string;
    };
    answer: {
      message: "OK";
    };
  };
  /** Get a user */
  'GET /users/{id}': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    answer: {
      status: number;
      /** A user */
      data: User;
    };
  };
  /** Change a user */
  'PATCH /users/{id}': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    body: {
      /** Password, at least 10 characters */
      password?: string;
      /** First name */
      firstName?: string;
      /** Last name */
      lastName?: string;
      /** E-mail address */
      email?: "" | string;
      /** Roles: admin, data_steward, data_storage_administrator, data_developer, business_steward, business_user, data_user */
      roles?: ("admin" | "data_steward" | "data_storage_administrator" | "data_developer" | "business_steward" | "business_user" | "data_user")[];
      /** true ends every session of the user at once */
      disabled?: boolean;
    };
    answer: {
      status: number;
      /** A user */
      data: User;
    };
  };
  /** Delete a user */
  'DELETE /users/{id}': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    answer: {
      status: number;
      /** A user */
      data: User;
    };
  };
  /** List roles and their rights */
  'GET /roles': {
    answer: {
      status: number;
      data: {
        name: string;
        description: string;
        rights: string[];
      }[];
    };
  };
  /** Make an API key */
  'POST /api-keys': {
    body: {
      /** What the key is for */
      name: string;
      /** Rights of the key, from your own: read, manageSources, runJobs, viewSamples, editRules, editAttributes; all of yours when left out */
      scopes?: ("read" | "manageSources" | "runJobs" | "viewSamples" | "editRules" | "editAttributes")[];
      /** When it ends; as late as the server allows when left out */
      expiresAt?: string;
    };
    answer: {
      status: number;
      data: {
        /** Id, a UUID */
        _id: string;
        name: string;
        /** How the key begins */
        prefix: string;
        scopes: string[];
        state: "active" | "expired" | "revoked";
        /** Owner */
        userId: string;
        /** Name of the owner */
        username: string;
        /** Issuer of the owner, "" for users of Assay itself */
        issuer: string;
        createdAt: string;
        expiresAt: string;
        /** To the minute; "" if never */
        lastUsedAt: string;
        /** "" if not */
        revokedAt: string;
        /** The key itself, shown this once */
        key: string;
      };
    };
  };
  /** List API keys, newest first */
  'GET /api-keys': {
    query?: {
      /** Everybody's, not only yours; for administrators */
      all?: "0" | "1" | "true" | "false" | "";
    };
    answer: {
      status: number;
      data: {
        /** Id, a UUID */
        _id: string;
        name: string;
        /** How the key begins */
        prefix: string;
        scopes: string[];
        state: "active" | "expired" | "revoked";
        /** Owner */
        userId: string;
        /** Name of the owner */
        username: string;
        /** Issuer of the owner, "" for users of Assay itself */
        issuer: string;
        createdAt: string;
        expiresAt: string;
        /** To the minute; "" if never */
        lastUsedAt: string;
        /** "" if not */
        revokedAt: string;
      }[];
    };
  };
  /** Get an API key */
  'GET /api-keys/{id}': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    answer: {
      status: number;
      /** An API key; its secret is not kept */
      data: {
        /** Id, a UUID */
        _id: string;
        name: string;
        /** How the key begins */
        prefix: string;
        scopes: string[];
        state: "active" | "expired" | "revoked";
        /** Owner */
        userId: string;
        /** Name of the owner */
        username: string;
        /** Issuer of the owner, "" for users of Assay itself */
        issuer: string;
        createdAt: string;
        expiresAt: string;
        /** To the minute; "" if never */
        lastUsedAt: string;
        /** "" if not */
        revokedAt: string;
      };
    };
  };
  /** Revoke an API key */
  'DELETE /api-keys/{id}': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    answer: {
      status: number;
      /** An API key; its secret is not kept */
      data: {
        /** Id, a UUID */
        _id: string;
        name: string;
        /** How the key begins */
        prefix: string;
        scopes: string[];
        state: "active" | "expired" | "revoked";
        /** Owner */
        userId: string;
        /** Name of the owner */
        username: string;
        /** Issuer of the owner, "" for users of Assay itself */
        issuer: string;
        createdAt: string;
        expiresAt: string;
        /** To the minute; "" if never */
        lastUsedAt: string;
        /** "" if not */
        revokedAt: string;
      };
    };
  };
  /** Who did what, newest first */
  'GET /audit-log': {
    query?: {
      /** Only this action, e.g. `login failed` */
      action?: string;
      /** Only this user */
      username?: string;
      /** How many at most, up to 1000 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: {
        seq: number;
        at: string;
        userId: string;
        username: string;
        action: string;
        target: string;
        details: Record<string, unknown>;
      }[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Add one data source or several */
  'POST /data-sources': {
    body: NewDataSource | NewDataSource[];
    answer: {
      status: number;
      data: DataSource[];
      warnings?: string[];
    } | {
      status: number;
      data: DataSource[];
      results: {
        status: number;
        _id?: string;
        message?: string | string[];
        code?: string;
      }[];
      warnings?: string[];
    };
  };
  /** List data sources */
  'GET /data-sources': {
    query?: {
      /** How many to leave out */
      skip?: number;
      /** How many at most, up to 1,000 */
      limit?: number;
      /** Name, with wildcards */
      resourceName?: string;
    };
    answer: {
      status: number;
      data: DataSource[];
      pageInfo: {
        totalCount: number;
      };
    };
  };
  /** Find data sources */
  'POST /data-sources/filter': {
    query?: {
      /** How many to leave out */
      skip?: number;
      /** How many at most, up to 1,000 */
      limit?: number;
    };
    body: {
      /** AND between keys, OR within */
      filters?: {
        /** Ids */
        ids?: string[];
        /** Names; `*` stands for any text, `?` for one character */
        resourceNames?: string[];
        /** Kinds, with wildcards */
        databaseTypes?: string[];
        /** fqdnIds, with wildcards */
        fqdnIds?: string[];
        /** Affinities, with wildcards */
        affinityIds?: string[];
        /** ONLINE, OFFLINE */
        statuses?: string[];
      };
    };
    answer: {
      status: number;
      data: DataSource[];
      pageInfo: {
        totalCount: number;
      };
    };
  };
  /** Get data sources by their ids */
  'POST /data-sources/by-ids': {
    body: {
      /** Ids */
      ids: string[];
    };
    answer: {
      status: number;
      data: DataSource[];
    };
  };
  /** Get a data source */
  'GET /data-sources/{id}': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    answer: {
      status: number;
      /** A data source with every field that was given, secrets left out */
      data: DataSource;
      warnings?: string[];
    };
  };
  /** Change a data source */
  'PATCH /data-sources/{id}': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    header?: {
      /** ETag of what the change starts from */
      "if-match"?: string;
    };
    body: DataSourceChange;
    answer: {
      status: number;
      /** A data source with every field that was given, secrets left out */
      data: DataSource;
      warnings?: string[];
    };
  };
  /** Remove a data source and everything it brought */
  'DELETE /data-sources/{id}': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    answer: AcceptedJob;
  };
  /** Get an entity */
  'GET /entities/{id}': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    query?: {
      /** Adds fqdnDisplay and resourceName */
      extended?: "0" | "1" | "true" | "false" | "";
    };
    answer: {
      status: number;
      /** An entity */
      data: Entity;
    };
  };
  /** Edit the attributes of an entity */
  'PATCH /entities/{id}': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    header?: {
      /** ETag of what the change starts from */
      "if-match"?: string;
    };
    body: {
      /** Arrays are replaced whole, scalars overwrite, keys of objects merge, null takes away */
      attributes: {
        /** Words for people */
        info?: {
          /** Description */
          description?: string | null;
        } | null;
        /** Judgements */
        features?: {
          /** UNKNOWN, LOW, MEDIUM or HIGH */
          sensitivity?: "UNKNOWN" | "LOW" | "MEDIUM" | "HIGH" | null;
          /** Rating, 1 to 5 */
          rating?: {
            /** Mean of the ratings */
            value?: number | null;
            /** Rating by user id */
            users?: Record<string, number> | null;
          } | null;
          /** 0 to 100 */
          qualityScore?: number | null;
          /** 0 to 100 */
          trustScore?: number | null;
          /** Whether it is critical */
          isCriticalDataElement?: boolean | null;
          /** Whether its lineage was verified */
          isLineageVerified?: boolean | null;
        } | null;
        /** Custom properties; replaced whole */
        customProperties?: {
          id: string;
          value: unknown;
        }[] | null;
        /** Tags; replaced whole. What a job found stays its finding when it is sent back as it was shown, or by its name alone */
        tags?: {
          name: string;
          /** Name of the method that found it */
          sourceName?: string;
          /** Dictionary or DataPattern */
          sourceType?: string;
          /** 0 to 1 */
          confidenceScore?: number;
        }[] | null;
        /** Business terms; replaced whole */
        businessTerms?: {
          id: string;
          glossaryId?: string;
          name?: string;
          /** Name of the method that found it */
          sourceName?: string;
          /** Dictionary or DataPattern */
          sourceType?: string;
          /** 0 to 1 */
          confidenceScore?: number;
        }[] | null;
        /** Owners; replaced whole */
        owners?: (string | Record<string, unknown>)[] | null;
        /** Policies; replaced whole */
        policies?: (string | Record<string, unknown>)[] | null;
        /** Models; replaced whole */
        mlModels?: (string | Record<string, unknown>)[] | null;
        /** Applications; replaced whole */
        applications?: (string | Record<string, unknown>)[] | null;
        /** Physical assets; replaced whole */
        physicalAssets?: (string | Record<string, unknown>)[] | null;
        /** Discoveries of content scans; replaced whole */
        contentScanDiscoveries?: (string | Record<string, unknown>)[] | null;
        /** Collections; replaced whole */
        dataCollections?: (string | Record<string, unknown>)[] | null;
        /** Whatever you like; its keys merge */
        extended?: Record<string, unknown> | null;
      };
    };
    answer: {
      status: number;
      /** An entity */
      data: Entity;
    };
  };
  /** Direct children of an entity, in the order of the source */
  'GET /entities/{id}/children': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    query?: {
      /** Adds fqdnDisplay and resourceName */
      extended?: "0" | "1" | "true" | "false" | "";
      /** How many at most, up to 500 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: Entity[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Who said what of an entity: tags, terms, sensitivity, with evidence */
  'GET /entities/{id}/assertions': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    answer: {
      status: number;
      data: Assertion[];
    };
  };
  /** Profile of a table or column, each figure with its basis */
  'GET /entities/{id}/profile': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    answer: {
      status: number;
      /** Of a column, or of a table with its columns */
      data: ColumnProfile | TableProfile;
    };
  };
  /** Find entities */
  'POST /entities/filter': {
    query?: {
      /** Adds fqdnDisplay and resourceName */
      extended?: "0" | "1" | "true" | "false" | "";
      /** How many at most, up to 500 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    body: EntityFilter;
    answer: {
      status: number;
      data: Entity[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Find entities, with what profiling knows of them */
  'POST /entities/filter/profiling-info': {
    query?: {
      /** Adds fqdnDisplay and resourceName */
      extended?: "0" | "1" | "true" | "false" | "";
      /** Sample values per column at most */
      sampleLimit?: number;
      /** How many at most, up to 500 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    body: EntityFilter;
    answer: {
      status: number;
      data: ProfiledEntity[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Get entities by their ids */
  'POST /entities/by-ids': {
    query?: {
      /** Adds fqdnDisplay and resourceName */
      extended?: "0" | "1" | "true" | "false" | "";
    };
    body: {
      /** Ids of entities, up to 500 */
      ids: string[];
    };
    answer: {
      status: number;
      data: Entity[];
      /** Ids that there are no entities of */
      notFound: string[];
    };
  };
  /** Get entities by their ids, with what profiling knows of them */
  'POST /entities/by-ids/profiling-info': {
    query?: {
      /** Adds fqdnDisplay and resourceName */
      extended?: "0" | "1" | "true" | "false" | "";
      /** Sample values per column at most */
      sampleLimit?: number;
    };
    body: {
      /** Ids of entities, up to 500 */
      ids: string[];
    };
    answer: {
      status: number;
      data: ProfiledEntity[];
      /** Ids that there are no entities of */
      notFound: string[];
    };
  };
  /** Profiles of an entity that are kept, newest first */
  'GET /entities/{id}/profiles': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    query?: {
      /** How many at most, up to 500 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: ProfileHead[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** One profile of an entity, each figure with its basis */
  'GET /entities/{id}/profiles/{profileId}': {
    path: {
      /** Id, a UUID */
      id: string;
      /** Id of a profile */
      profileId: number;
    };
    answer: {
      status: number;
      /** Of a column, or of a table with its columns */
      data: ColumnProfile | TableProfile;
    };
  };
  /** What changed between two profiles */
  'GET /entities/{id}/profiles/compare': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    query?: {
      /** Another entity, whose profile is the earlier side */
      with?: string;
      /** Profile of the earlier side; the one before the later side when left out */
      before?: number;
      /** Profile of this entity; the current one when left out */
      after?: number;
    };
    answer: {
      status: number;
      data: ProfileComparison;
    };
  };
  /** Sample rows of a table, view or file, or sample values of a column */
  'GET /entities/{id}/samples': {
    path: {
      /** Id, a UUID */
      id: string;
    };
    query?: {
      /** Rows at most */
      sampleLimit?: number;
    };
    answer: {
      status: number;
      data: Samples;
    };
  };
  /** Which methods could not judge which columns, and what is missing */
  'POST /data-identification/feasibility': {
    query?: {
      /** How many at most, up to 1000 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    body: {
      /** Entity ids. A container stands for every table, view and file below it, a table for its columns; columns for themselves. */
      scope: string[];
      /** Dictionaries to look columns up in. Where this and `dataPatternIds` are both empty: all dictionaries and data patterns that are enabled. One that is unknown or disabled is an error that names it. */
      dictionaryIds?: string[];
      /** Data patterns to try on columns; see `dictionaryIds`. */
      dataPatternIds?: string[];
    };
    answer: {
      status: number;
      data: Lack[];
      /** What this page looked at: columns, pairs of a method and a column, methods in all */
      looked: {
        columns: number;
        pairs: number;
        methods: number;
      };
      /** What the body carried that is not used */
      warnings: string[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Try one method on one column */
  'POST /data-identification/try': {
    body: {
      /** The column to try it on */
      columnId: string;
      /** A saved dictionary or data pattern, enabled or not */
      methodId?: string;
      /** Or a definition that is not saved, as it would be imported. Needs the right `editRules`. */
      definition?: Record<string, unknown>;
      /** Terms of a dictionary that is not saved. Left out: those of the saved dictionary that has the `_id` of the definition. */
      terms?: string[];
    };
    answer: {
      status: number;
      /** What a method says of a column */
      data: Verdict;
    };
  };
  /** Search the catalog */
  'POST /search': {
    body: {
      /** Words, beginnings of words, or a path as sales.customer.email; "" or "*" for everything */
      searchTerm?: string;
      /** What to narrow to: AND between facets, OR within one */
      searchFacets?: {
        /** Types: RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER, FILE */
        type?: ("RESOURCE" | "SCHEMA" | "TABLE" | "VIEW" | "COLUMN" | "FOLDER" | "FILE")[] | "RESOURCE" | "SCHEMA" | "TABLE" | "VIEW" | "COLUMN" | "FOLDER" | "FILE";
        /** Data sources, by id, name or fqdnId */
        dataSource?: string[] | string;
        /** UNKNOWN, LOW, MEDIUM, HIGH */
        sensitivity?: ("UNKNOWN" | "LOW" | "MEDIUM" | "HIGH")[] | "UNKNOWN" | "LOW" | "MEDIUM" | "HIGH";
        /** Tags, exactly */
        tags?: string[] | string;
        /** Business terms, by id */
        terms?: string[] | string;
        /** PROFILED, NOT_PROFILED */
        profiled?: ("PROFILED" | "NOT_PROFILED")[] | "PROFILED" | "NOT_PROFILED";
        /** [lowest, highest], both included, or values of the facet */
        trustScore?: (number | string)[];
        /** [lowest, highest], both included, or values of the facet */
        qualityScore?: (number | string)[];
        /** [lowest, highest], both included, or values of the facet */
        rating?: (number | string)[];
      };
      /** Page, from 1 */
      page?: number;
      /** Rows per page, up to 500 */
      perPage?: number;
    };
    answer: {
      status: number;
      data: SearchRow[];
      pageInfo: {
        /** Entities that match */
        totalMatchCount: number;
        /** false when there may be more: the term means so many places that not all were looked at, or a large change of the catalog is still being taken in */
        totalIsExact: boolean;
        page: number;
        perPage: number;
        totalPages: number;
      };
    };
  };
  /** Count what a search finds, by facet */
  'POST /search/facets': {
    body: {
      /** Words, beginnings of words, or a path as sales.customer.email; "" or "*" for everything */
      searchTerm?: string;
      /** What to narrow to: AND between facets, OR within one */
      searchFacets?: {
        /** Types: RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER, FILE */
        type?: ("RESOURCE" | "SCHEMA" | "TABLE" | "VIEW" | "COLUMN" | "FOLDER" | "FILE")[] | "RESOURCE" | "SCHEMA" | "TABLE" | "VIEW" | "COLUMN" | "FOLDER" | "FILE";
        /** Data sources, by id, name or fqdnId */
        dataSource?: string[] | string;
        /** UNKNOWN, LOW, MEDIUM, HIGH */
        sensitivity?: ("UNKNOWN" | "LOW" | "MEDIUM" | "HIGH")[] | "UNKNOWN" | "LOW" | "MEDIUM" | "HIGH";
        /** Tags, exactly */
        tags?: string[] | string;
        /** Business terms, by id */
        terms?: string[] | string;
        /** PROFILED, NOT_PROFILED */
        profiled?: ("PROFILED" | "NOT_PROFILED")[] | "PROFILED" | "NOT_PROFILED";
        /** [lowest, highest], both included, or values of the facet */
        trustScore?: (number | string)[];
        /** [lowest, highest], both included, or values of the facet */
        qualityScore?: (number | string)[];
        /** [lowest, highest], both included, or values of the facet */
        rating?: (number | string)[];
      };
      /** Not used */
      page?: number;
      /** Not used */
      perPage?: number;
    };
    answer: {
      status: number;
      data: Facet[];
      pageInfo: {
        /** Entities that match */
        totalMatchCount: number;
        /** false when there may be more: the term means so many places that not all were looked at, or a large change of the catalog is still being taken in */
        totalIsExact: boolean;
      };
    };
  };
  /** List dictionaries, by name */
  'GET /dictionaries': {
    query?: {
      /** Part of the name, without regard to case */
      name?: string;
      /** Only those that are switched on, or off */
      enabled?: "true" | "false";
      /** The same as `enabled` */
      isEnabled?: "true" | "false";
      /** Only those that came with Assay, or did not */
      builtIn?: "true" | "false";
      /** One of its categories */
      category?: string;
      /** Language, as `en-us` */
      language?: string;
      /** How many at most, up to 500 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: MethodHead[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Make a dictionary */
  'POST /dictionaries': {
    body: NewDictionary;
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Get a dictionary */
  'GET /dictionaries/{id}': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Change a dictionary */
  'PATCH /dictionaries/{id}': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    header?: {
      /** ETag of what the change starts from */
      "if-match"?: string;
    };
    body: MethodChange;
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Delete a dictionary */
  'DELETE /dictionaries/{id}': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    header?: {
      /** ETag of what the change starts from */
      "if-match"?: string;
    };
    answer: {
      status: number;
      data: MethodHead;
    };
  };
  /** Switch a dictionary on */
  'POST /dictionaries/{id}/enable': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Switch a dictionary off */
  'POST /dictionaries/{id}/disable': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Copy a dictionary */
  'POST /dictionaries/{id}/copy': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    body: {
      /** Name of the copy */
      name?: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Import dictionaries */
  'POST /dictionaries/import': {
    query?: {
      /** Of a CSV: name of the dictionary */
      name?: string;
      /** Of a CSV: tag of columns that match; its name when left out */
      tag?: string;
    };
    body: unknown;
    answer: {
      status: number;
      /** How many were taken, and how many rejected */
      message: string;
      data: ImportVerdict[];
    };
  };
  /** Make a dictionary from a profiled column */
  'POST /dictionaries/from-column': {
    body: {
      /** A column that was profiled */
      entityId: string;
      /** Name of the method; that of the column when left out */
      name?: string;
      /** Tag of columns that match; the name when left out */
      tag?: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Terms of a dictionary, in the order they came */
  'GET /dictionaries/{id}/terms': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    query?: {
      /** How they begin, without regard to case */
      prefix?: string;
      /** How many at most, up to 10000 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: string[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Replace the terms of a dictionary */
  'PUT /dictionaries/{id}/terms': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    header?: {
      /** ETag of what the change starts from */
      "if-match"?: string;
    };
    body: unknown;
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
      /** By line */
      warnings: string[];
    };
  };
  /** List data patterns, by name */
  'GET /data-patterns': {
    query?: {
      /** Part of the name, without regard to case */
      name?: string;
      /** Only those that are switched on, or off */
      enabled?: "true" | "false";
      /** The same as `enabled` */
      isEnabled?: "true" | "false";
      /** Only those that came with Assay, or did not */
      builtIn?: "true" | "false";
      /** One of its categories */
      category?: string;
      /** Language, as `en-us` */
      language?: string;
      /** How many at most, up to 500 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: MethodHead[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Make a data pattern */
  'POST /data-patterns': {
    body: NewDataPattern;
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Get a data pattern */
  'GET /data-patterns/{id}': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Change a data pattern */
  'PATCH /data-patterns/{id}': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    header?: {
      /** ETag of what the change starts from */
      "if-match"?: string;
    };
    body: MethodChange;
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Delete a data pattern */
  'DELETE /data-patterns/{id}': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    header?: {
      /** ETag of what the change starts from */
      "if-match"?: string;
    };
    answer: {
      status: number;
      data: MethodHead;
    };
  };
  /** Switch a data pattern on */
  'POST /data-patterns/{id}/enable': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Switch a data pattern off */
  'POST /data-patterns/{id}/disable': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Copy a data pattern */
  'POST /data-patterns/{id}/copy': {
    path: {
      /** Id, the `_id` of its definition */
      id: string;
    };
    body: {
      /** Name of the copy */
      name?: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** Import data patterns */
  'POST /data-patterns/import': {
    body: unknown;
    answer: {
      status: number;
      /** How many were taken, and how many rejected */
      message: string;
      data: ImportVerdict[];
    };
  };
  /** Make a data pattern from a profiled column */
  'POST /data-patterns/from-column': {
    body: {
      /** A column that was profiled */
      entityId: string;
      /** Name of the method; that of the column when left out */
      name?: string;
      /** Tag of columns that match; the name when left out */
      tag?: string;
    };
    answer: {
      status: number;
      /** The definition in the fields it came with, and beside them what Assay knows of it */
      data: Method;
    };
  };
  /** List business terms, by name */
  'GET /business-terms': {
    query?: {
      /** Part of the name, without regard to case */
      name?: string;
      /** Name of the glossary */
      glossary?: string;
      /** How many at most, up to 500 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: BusinessTerm[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Make a business term */
  'POST /business-terms': {
    body: NewBusinessTerm;
    answer: {
      status: number;
      data: BusinessTerm;
    };
  };
  /** Get a business term */
  'GET /business-terms/{id}': {
    path: {
      /** Id */
      id: string;
    };
    answer: {
      status: number;
      data: BusinessTerm;
    };
  };
  /** Change a business term */
  'PATCH /business-terms/{id}': {
    path: {
      /** Id */
      id: string;
    };
    header?: {
      /** ETag of what the change starts from */
      "if-match"?: string;
    };
    body: BusinessTermChange;
    answer: {
      status: number;
      data: BusinessTerm;
    };
  };
  /** Delete a business term */
  'DELETE /business-terms/{id}': {
    path: {
      /** Id */
      id: string;
    };
    answer: {
      status: number;
      data: BusinessTerm;
    };
  };
  /** Status of a job */
  'GET /jobs/{id}/status': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    answer: JobStatus;
  };
  /** List jobs, newest first */
  'GET /jobs': {
    query?: {
      /** One or more of ACCEPTED, RUNNING, CANCELLING, COMPLETED, FAILED, CANCELLED */
      status?: string | string[];
      /** One or more job names, e.g. DATA_PROFILE */
      name?: string | string[];
      /** Only jobs on this data source */
      dataSourceId?: string;
      /** Only jobs of this user */
      userId?: string;
      /** Accepted at or after */
      from?: string;
      /** Accepted before */
      to?: string;
      /** How many at most, up to 500 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: Job[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** A job in full */
  'GET /jobs/{id}': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    answer: {
      status: number;
      /** A job in full */
      data: JobDetail;
    };
  };
  /** Tasks of a job */
  'GET /jobs/{id}/tasks': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    query?: {
      /** How many at most, up to 1000 */
      size?: number;
      /** Where the page before ended; from its `cursorInfo.cursor` */
      cursor?: string;
    };
    answer: {
      status: number;
      data: JobTask[];
      /** Where the next page starts */
      cursorInfo: {
        /** Give it back to get the next page; "" after the last one */
        cursor: string;
      };
    };
  };
  /** Event log of a job, oldest first */
  'GET /jobs/{id}/events': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    query?: {
      /** Only events with a larger seq */
      after?: number;
      /** How many at most, up to 1000 */
      size?: number;
    };
    answer: {
      status: number;
      data: JobEvent[];
    };
  };
  /** Cancel a job */
  'POST /jobs/{id}/cancel': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    answer: JobStatus;
  };
  /** Start a new job with the same input */
  'POST /jobs/{id}/re-run': {
    path: {
      /** Id, 24 hex digits */
      id: string;
    };
    answer: AcceptedJob;
  };
  /** Workers that live, or lived in the last day */
  'GET /workers': {
    answer: {
      status: number;
      data: {
        _id: string;
        name: string;
        host: string;
        pid: number;
        /** Version it runs */
        software: string;
        /** Affinities it serves */
        affinities: string[];
        /** Tasks it does at a time */
        slots: number;
        /** Tasks it is doing */
        running: number;
        alive: boolean;
        startedAt: string;
        heartbeatAt: string;
      }[];
    };
  };
  /** Test the connection to a data source */
  'POST /jobs/execute/test-connection': {
    header?: {
      /** A request repeated with the same key within 24 hours returns the first job */
      "idempotency-key"?: string;
    };
    body: {
      /** Name of the data source, unique */
      resourceName?: string;
      /** Id of a saved data source, 24 hex digits */
      resourceId?: string;
      /** Permanent, unique id of the data source; made when left out; cannot be changed */
      fqdnId?: string;
      /** Kind of source, e.g. POSTGRES; upper or lower case */
      databaseType?: string;
      /** Which workers reach the source; DEFAULT when left out */
      affinityId?: string;
      /** How the connection is given: credentials or uri */
      configMethod?: string;
      /** Host name or address */
      host?: string;
      /** Port */
      port?: string;
      /** Connection URI, in JDBC form (jdbc:postgresql://…) or native form; a password in it is kept as a secret */
      uri?: string;
      /** Database name */
      databaseName?: string;
      /** File or folder */
      path?: string;
      /** User name */
      userName?: string;
      /** Password */
      password?: string;
      /** Schemas to ingest, exact names; empty means all */
      schemaNames?: string[];
      /** Globs of what to ingest, matched against schema/table or the path below path */
      includePatterns?: string[];
      /** Globs of what to leave out; they win over includePatterns */
      excludePatterns?: string[];
      /** Description */
      description?: string;
      /** Note */
      note?: string;
      /** Owners */
      owners?: Record<string, unknown>[];
      /** Users */
      users?: string[];
      /** Where the source stands: {country} */
      location?: Record<string, unknown>;
      /** Cost per terabyte: {price, frequency} */
      costPerTb?: Record<string, unknown>;
      /** Total capacity in terabytes */
      totalCapacity?: number;
      /** Job classpath */
      jobClasspath?: string;
      /** Driver class name */
      driverClassName?: string;
      /** SPI version */
      spiVersion?: string;
      /** Service type */
      serviceType?: string;
      /** OAuth client id */
      oauthClientId?: string;
      /** OAuth client secret */
      oauthClientSecret?: string;
      /** OAuth type */
      oAuthType?: number;
      /** HDFS credential type */
      hdfsCredType?: string;
      /** Endpoint of an object store */
      endpoint?: string;
      /** Bucket or container */
      container?: string;
      /** Access id */
      accessId?: string;
      /** Access key */
      accessKey?: string;
      /** Secret key */
      secretKey?: string;
      /** Secret manager key */
      secretManagerKey?: string;
      /** Project */
      project?: string;
      /** Path of a key file on the worker */
      keyPath?: string;
      /** Client e-mail of a service account */
      clientEmail?: string;
      /** Warehouse */
      warehouse?: string;
      /** Cloud region */
      region?: string;
      /** Cloud account number */
      accountNumber?: string;
      /** IAM user name */
      iamUsername?: string;
      /** AWS access key id */
      accessKeyID?: string;
      /** AWS secret access key */
      secretAccessKey?: string;
      /** Role to assume */
      assumeRole?: string;
      /** Role */
      role?: string;
      /** External id */
      externalID?: string;
      /** How the connection is encrypted */
      sslType?: string;
      /** Do not check the certificate of the server */
      skipSslValidation?: boolean;
      /** Trust store type */
      trustStoreType?: string;
      /** PEM file of the authorities to trust, below a file root of the worker, or the PEM text itself */
      trustStoreLocation?: string;
      /** Trust store password */
      trustStorePassword?: string;
      /** Key store type */
      keyStoreType?: string;
      /** Key store location */
      keyStoreLocation?: string;
      /** Key store password */
      keyStorePassword?: string;
      /** Cipher suite */
      cipherSuite?: string;
      /** Distinguished name that the server must show */
      serverDistinguishedName?: string;
      /** Connection type of Microsoft SQL Server */
      connectionType?: string;
      /** File system type */
      fileSystemType?: string;
      /** Whether symbolic links are followed: "true" or "false" */
      followSymLinks?: string;
      /** Domain */
      domain?: string;
      /** Share name */
      shareName?: string;
      /** Storage account name */
      accountName?: string;
      /** Azure credential type */
      azureCredType?: string;
      /** Azure shared key */
      azureSharedKey?: string;
      /** Azure tenant id */
      azureTenantId?: string;
      /** Available for migration */
      availableForMigration?: boolean;
      /** Enabled for migration */
      enabledForMigration?: boolean;
      /** Available for writing */
      availableForWriting?: boolean;
      /** Available for data mastering */
      availableForDataMastering?: boolean;
      /** Ignored: a password encrypted elsewhere cannot be used */
      encryptedPassword?: string;
      /** Ignored: set by the engine, ONLINE or OFFLINE */
      status?: string;
      /** Ignored: set by the engine, id of the last ingest job */
      lastIngestId?: string;
      /** Ignored: set by the engine, id of the last connection test */
      lastTestConnectionId?: string;
      [key: string]: unknown;
    };
    answer: AcceptedJob;
  };
  /** Ingest the schemas of a database or scan the files of a folder */
  'POST /jobs/execute/metadata/ingest': {
    header?: {
      /** A request repeated with the same key within 24 hours returns the first job */
      "idempotency-key"?: string;
    };
    body: {
      /** Name of the data source, unique */
      resourceName?: string;
      /** Id of a saved data source, 24 hex digits */
      resourceId?: string;
      /** Permanent, unique id of the data source; made when left out; cannot be changed */
      fqdnId?: string;
      /** Kind of source, e.g. POSTGRES; upper or lower case */
      databaseType?: string;
      /** Which workers reach the source; DEFAULT when left out */
      affinityId?: string;
      /** How the connection is given: credentials or uri */
      configMethod?: string;
      /** Host name or address */
      host?: string;
      /** Port */
      port?: string;
      /** Connection URI, in JDBC form (jdbc:postgresql://…) or native form; a password in it is kept as a secret */
      uri?: string;
      /** Database name */
      databaseName?: string;
      /** File or folder */
      path?: string;
      /** User name */
      userName?: string;
      /** Password */
      password?: string;
      /** Schemas to ingest, exact names; empty means all */
      schemaNames?: string[];
      /** Globs of what to ingest, matched against schema/table or the path below path */
      includePatterns?: string[];
      /** Globs of what to leave out; they win over includePatterns */
      excludePatterns?: string[];
      /** Description */
      description?: string;
      /** Note */
      note?: string;
      /** Owners */
      owners?: Record<string, unknown>[];
      /** Users */
      users?: string[];
      /** Where the source stands: {country} */
      location?: Record<string, unknown>;
      /** Cost per terabyte: {price, frequency} */
      costPerTb?: Record<string, unknown>;
      /** Total capacity in terabytes */
      totalCapacity?: number;
      /** Job classpath */
      jobClasspath?: string;
      /** Driver class name */
      driverClassName?: string;
      /** SPI version */
      spiVersion?: string;
      /** Service type */
      serviceType?: string;
      /** OAuth client id */
      oauthClientId?: string;
      /** OAuth client secret */
      oauthClientSecret?: string;
      /** OAuth type */
      oAuthType?: number;
      /** HDFS credential type */
      hdfsCredType?: string;
      /** Endpoint of an object store */
      endpoint?: string;
      /** Bucket or container */
      container?: string;
      /** Access id */
      accessId?: string;
      /** Access key */
      accessKey?: string;
      /** Secret key */
      secretKey?: string;
      /** Secret manager key */
      secretManagerKey?: string;
      /** Project */
      project?: string;
      /** Path of a key file on the worker */
      keyPath?: string;
      /** Client e-mail of a service account */
      clientEmail?: string;
      /** Warehouse */
      warehouse?: string;
      /** Cloud region */
      region?: string;
      /** Cloud account number */
      accountNumber?: string;
      /** IAM user name */
      iamUsername?: string;
      /** AWS access key id */
      accessKeyID?: string;
      /** AWS secret access key */
      secretAccessKey?: string;
      /** Role to assume */
      assumeRole?: string;
      /** Role */
      role?: string;
      /** External id */
      externalID?: string;
      /** How the connection is encrypted */
      sslType?: string;
      /** Do not check the certificate of the server */
      skipSslValidation?: boolean;
      /** Trust store type */
      trustStoreType?: string;
      /** PEM file of the authorities to trust, below a file root of the worker, or the PEM text itself */
      trustStoreLocation?: string;
      /** Trust store password */
      trustStorePassword?: string;
      /** Key store type */
      keyStoreType?: string;
      /** Key store location */
      keyStoreLocation?: string;
      /** Key store password */
      keyStorePassword?: string;
      /** Cipher suite */
      cipherSuite?: string;
      /** Distinguished name that the server must show */
      serverDistinguishedName?: string;
      /** Connection type of Microsoft SQL Server */
      connectionType?: string;
      /** File system type */
      fileSystemType?: string;
      /** Whether symbolic links are followed: "true" or "false" */
      followSymLinks?: string;
      /** Domain */
      domain?: string;
      /** Share name */
      shareName?: string;
      /** Storage account name */
      accountName?: string;
      /** Azure credential type */
      azureCredType?: string;
      /** Azure shared key */
      azureSharedKey?: string;
      /** Azure tenant id */
      azureTenantId?: string;
      /** Available for migration */
      availableForMigration?: boolean;
      /** Enabled for migration */
      enabledForMigration?: boolean;
      /** Available for writing */
      availableForWriting?: boolean;
      /** Available for data mastering */
      availableForDataMastering?: boolean;
      /** Ignored: a password encrypted elsewhere cannot be used */
      encryptedPassword?: string;
      /** Ignored: set by the engine, ONLINE or OFFLINE */
      status?: string;
      /** Ignored: set by the engine, id of the last ingest job */
      lastIngestId?: string;
      /** Ignored: set by the engine, id of the last connection test */
      lastTestConnectionId?: string;
      /** Not built yet: only false is accepted. */
      deleteEmptyFolders?: boolean;
      /** Not built yet: only false is accepted. */
      incremental?: boolean;
      [key: string]: unknown;
    };
    answer: AcceptedJob;
  };
  /** Refresh the metadata of given entities and of what is below them */
  'POST /jobs/execute/metadata/re-ingest': {
    header?: {
      /** A request repeated with the same key within 24 hours returns the first job */
      "idempotency-key"?: string;
    };
    body: {
      /** Ids of the entities to refresh, with everything below them; of any sources. A column stands for its table. */
      scope: string[];
      [key: string]: unknown;
    };
    answer: AcceptedJob;
  };
  /** Profile tables and files */
  'POST /jobs/execute/data-profiling': {
    header?: {
      /** A request repeated with the same key within 24 hours returns the first job */
      "idempotency-key"?: string;
    };
    body: {
      /** Entity ids. A container stands for every table, view and delimited file below it; columns for themselves. */
      scope: string[];
      /** Options; all may be left out. Of a key that is not listed here the answer says that it is ignored; one that is nearly the name of an option is refused. */
      configs?: {
        /** Days, 0 to 36,500. Leaves out tables profiled within so many days; 0 leaves out none. */
        dataProfiledSinceDays?: number;
        /** Whether to keep about 200 sample rows for people who may see samples (`viewSamples`), the newest row among them; they replace those of the last run. With false none are kept, only up to 1,024 values per column, encrypted and shown to nobody, for patterns and regular expressions (ASSAY_KEEP_VALUES=false turns that off). */
        buildSamples?: boolean;
        /** How rows are chosen: `None`, `Sample Clause`, `First N Rows`, `Every Nth Row`, `Filter`, in any case, with or without spaces, underscores and hyphens; with their number (`first 10 rows`, `every 3rd row`), or for a sample clause its method alone (`percentage`, `number of rows`, `10 %`). Empty: told by the other keys; without any, every row of a table that its source can afford to have read (see ASSAY_WHOLE_TABLE_ROWS and ASSAY_WHOLE_TABLE_GB, by the estimates of the source), else 500,000 rows. `None`: every row whatever it costs. A sample is chosen in the source where that is possible, and the same rows are chosen for as long as the table stays as it is. Every figure of it says that it is of a sample, and of how many rows. */
        sampleType?: string;
        /** Of a sample clause what `sampleValue` is: `percentage`, `rows`, also as `percent`, `%`, `number of rows`, in any case. `percentage` takes each row with that chance, `rows` so many rows at random. */
        sampleMethod?: string;
        /** For `percentage` more than 0 and at most 100; for `rows`, and for `First N Rows`, a number of rows. 0: not given. */
        sampleValue?: number;
        /** Rows. At most so many are read of each table: the first that the source gives, of those that the condition and the sample leave. 0: no limit, or 500,000 for `First N Rows`. */
        jdbcRowLimitSize?: number;
        /** For `Every Nth Row`: the rows n, 2n, 3n, … in the order of the source. 1 reads every row, 0: not given. */
        nthValue?: number;
        /** One SQL condition, up to 10,000 characters, in the SQL of the source (of DuckDB for files), on the columns of the table. Evaluated in a read-only transaction and ended after ASSAY_CONDITION_SECONDS. Only rows that fulfil it are profiled. A table on which it cannot be evaluated fails, with the words of the source; the others go on. It goes with every sample and limit, and is evaluated first. */
        whereClause?: string;
        /** true: a table with more than `columnsPerJob` columns is measured in groups of columns, each by a task of its own, which workers do side by side and which read the same rows. It is read once for each group, so tables of fewer than a million cells (by the estimate of the source; one without an estimate is split) and files are never split. false: never. Not given: only tables of more than 1,000 columns, by 1,000. */
        splitJobByColumns?: boolean;
        /** Columns of a group, 1 to 10,000, where `splitJobByColumns` is true; 0 or not given: 25. */
        columnsPerJob?: number;
        /** Small tables and files that one worker profiles in one go, over one connection, 1 to 100; 0 or not given: 10. Each of them succeeds or fails by itself. */
        numberOfTablesPerJob?: number;
        /** Number of threads, 0 to 256. Of the original: threads that write profiles. Here each task writes its own. A hint: accepted for clients that send it; how much is done at once is set where the workers are started (`--slots`). */
        persistThreads?: number;
        /** Number of threads, 0 to 256. Of the original: threads that write profiles of files. Here each task writes its own. A hint: accepted for clients that send it; how much is done at once is set where the workers are started (`--slots`). */
        persistFilesThreads?: number;
        /** Number of threads, 0 to 256. Of the original: threads that measure. Here a task has one, so that the same rows give the same bytes. A hint: accepted for clients that send it; how much is done at once is set where the workers are started (`--slots`). */
        profileThreads?: number;
        /** Not in the original. A column of integers, decimals, dates or timestamps whose values only grow (an id, the time of insertion); its name, up to 255 characters. Empty: none. The first run reads all rows; the next ones read the rows above the largest value that was seen, and the profile is that of all rows together: counts, sums, smallest and largest stay exact, different values, quantiles and frequent values become estimates. Rows that were changed or deleted since are not noticed, nor those that came with a smaller value or none: the profile says so. All rows are read again, and the profile says why, where the rows at the largest value are no longer what they were (the table was set back), where columns or options changed, and where another run without this option came in between. Not with samples and limits, and for whole tables only. */
        watermarkColumn?: string;
        /** Not in the original. Up to 1,000 SQL conditions, in the SQL of the source (of DuckDB for files), on the columns of the table. Evaluated in a read-only transaction and ended after ASSAY_CONDITION_SECONDS, each of which is read as a part of the table by a task of its own. Rows that fulfil several count several times, rows that fulfil none are left out. Not with samples and limits. */
        partitionPredicates?: string[];
        /** Not in the original. At most so many tasks of this job read from a data source at once, 1 to 256; 0 or not given: as many as there are workers (1 with `maxRowsPerSecond`). */
        maxParallelReads?: number;
        /** Not in the original. Rows a second that this job reads from a data source at most, shared among `maxParallelReads`; 0 or not given: no limit. Files and DuckDB databases are read in place and know no such limit. */
        maxRowsPerSecond?: number;
        /** Not in the original. Seconds that a table may take, up to 604,800; of one that is read in parts all of them together, also those that are read at once, and with those that had to be tried again; what lies between two tries does not count. A table that is read in one part has the whole time with each try. Then it is stopped in the source and fails with TIME_LIMIT, and the other tables go on. 0 or not given: no limit. */
        timeLimitSeconds?: number;
        /** Not in the original. How different values are counted, in any case of letters. `exact`: all of them, at any price in time and disk, so a large table is read in one part and cannot be resumed; of `partitionPredicates`, which are parts all the same, the counts are estimates. `estimated`: from 500,000 rows on by samples of rows and of values, so that only columns of few different values are counted wholly; tables that stream in from a source whose rows have no positions are still counted. `auto` (the default): large tables by samples, and wholly the columns whose values repeat. */
        distinct?: string;
        /** Not in the original. Whether a source that can (see docs/connectors.md) measures a table itself, so that no row leaves it: `always` (a table of a source that cannot fails), `never`, `auto` (the default): where the table is too large to be read whole (ASSAY_WHOLE_TABLE_ROWS, ASSAY_WHOLE_TABLE_GB); should that fail, a sample of it is read. Figures are then of all rows; those that the source does not compute, such as patterns, are unknown. It is for tables whose rows cannot be moved, not for speed: it costs the source about 20 times the CPU time of sending all rows (some 28 core-seconds for a million rows of 12 columns of PostgreSQL, about 1.4 to send them), and memory or temporary space for grouping; of more than 20 million rows nothing is grouped, and most frequent values and quantiles are unknown. Stopped after `timeLimitSeconds`, or else ASSAY_CONDITION_SECONDS. */
        pushDown?: string;
        /** Not in the original. Measures to leave out: `minmax`, `sum`, `lengths`, `squares`, `histogram`, `quantiles`, `distinct`, `top`, `patterns`, `valueset`, `formats`. Their figures, and those that follow from them, are then unknown, with that reason: of `distinct` also uniqueness, selectivity and the distinct counter, of `valueset` the membership filter, of `patterns` the suggested regular expressions, of `squares` the deviation and, for doubles, sum and mean too. `minmax`, `sum` and `lengths` are computed all the same where other measures read them, and not shown; without `minmax` texts are not searched for JSON. */
        without?: ("minmax" | "sum" | "lengths" | "squares" | "histogram" | "quantiles" | "distinct" | "top" | "patterns" | "valueset" | "formats")[];
        /** Not in the original. How delimited text (.csv, .tsv, .txt, …) in scope is to be read, where finding it out goes wrong; other files and tables are read as always. Its encoding: `UTF-8`, `UTF-16LE`, `UTF-16BE`, `ISO-8859-1`, `ISO-8859-2`, `ISO-8859-15`, `KOI8-R`, `Shift_JIS`, `EUC-JP`, `ISO-2022-JP`, `GB18030`, `Big5`, `EUC-KR`, `KOI8-U`, `IBM866`, `macintosh`, `ISO-8859-3`, `ISO-8859-4`, `ISO-8859-5`, `ISO-8859-6`, `ISO-8859-7`, `ISO-8859-8`, `ISO-8859-10`, `ISO-8859-13`, `ISO-8859-14`, `ISO-8859-16`, `windows-1250`, `windows-1251`, `windows-1252`, `windows-1253`, `windows-1254`, `windows-1255`, `windows-1256`, `windows-1257`, `windows-1258`, `windows-874`, `UTF-32LE`, `UTF-32BE`, `IBM437`, `IBM850`, also by other names in use (`latin1`, `cp1252`, `sjis`), in any case. Only a byte order mark goes before it. Of JSON files, too. Empty: found out for each file. */
        encoding?: string;
        /** Not in the original. How delimited text (.csv, .tsv, .txt, …) in scope is to be read, where finding it out goes wrong; other files and tables are read as always. What stands between two fields: 1 to 4 characters that are neither letters, digits, quotes nor line ends, or one of "comma", "semicolon", "tab", "pipe", "space", "none"; with `none` each line is one value. A file that is called CSV, text or Parquet is then read as delimited text, whatever its content looks like. Empty: found out for each file. */
        delimiter?: string;
        /** Not in the original. How delimited text (.csv, .tsv, .txt, …) in scope is to be read, where finding it out goes wrong; other files and tables are read as always. What stands around a field: one character that is neither a letter, a digit nor white space, or one of "double", "single", "none". Empty: found out for each file. */
        quote?: string;
        /** Not in the original. How delimited text (.csv, .tsv, .txt, …) in scope is to be read, where finding it out goes wrong; other files and tables are read as always. Whether the first line of the table holds the names of its columns; with false they are `column-0`, `column-1`, … Not given: found out for each file. */
        header?: boolean;
        /** Not in the original. How delimited text (.csv, .tsv, .txt, …) in scope is to be read, where finding it out goes wrong; other files and tables are read as always. Lines at the beginning that are no part of the table, up to 10,000: the header, or the first row, follows. 0 or not given: found out for each file. */
        skipLines?: number;
      };
    };
    answer: AcceptedJob;
  };
  /** Find out what columns hold, by dictionaries and data patterns */
  'POST /jobs/execute/data-identification': {
    header?: {
      /** A request repeated with the same key within 24 hours returns the first job */
      "idempotency-key"?: string;
    };
    body: {
      /** Entity ids. A container stands for every table, view and file below it, a table for its columns; columns for themselves. */
      scope: string[];
      /** Dictionaries to look columns up in. Where this and `dataPatternIds` are both empty: all dictionaries and data patterns that are enabled. One that is unknown or disabled is an error that names it. */
      dictionaryIds?: string[];
      /** Data patterns to try on columns; see `dictionaryIds`. */
      dataPatternIds?: string[];
    };
    answer: AcceptedJob;
  };
  /** Remove a data source */
  'POST /jobs/execute/remove-datasource': {
    header?: {
      /** A request repeated with the same key within 24 hours returns the first job */
      "idempotency-key"?: string;
    };
    body: {
      /** Id of the data source, 24 hex digits. */
      id: string;
      /** Its fqdnId; it must belong to the same data source, as a safeguard. */
      fqdnId: string;
      [key: string]: unknown;
    };
    answer: AcceptedJob;
  };
  /** Start several jobs */
  'POST /api/public/v3/jobs/execute/bulk': {
    header?: {
      /** A request repeated with the same key within 24 hours returns the first job */
      "idempotency-key"?: string;
    };
    body: {
      /** Name of the job */
      name: "TEST_CONNECTION" | "METADATA_INGEST" | "METADATA_REINGEST" | "DATA_PROFILE" | "DATA_IDENTIFICATION" | "CLEANUP_DATASOURCE";
      type: "START";
      /** What the route of the job alone takes */
      payload: Record<string, unknown>;
    }[];
    answer: {
      status: number;
      message: string;
      /** The outcome of each item, in the order of the body */
      data: (StartedItem | RefusedItem)[];
      /** Those of `data` that were accepted */
      successes: StartedItem[];
      /** Those of `data` that were refused */
      failures: RefusedItem[];
    };
  };
}
