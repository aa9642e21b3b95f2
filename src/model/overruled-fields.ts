export interface Overruled {
  /** Saved fields that must be emptied, for the body leads elsewhere. */
  names: string[];
  /** Sentences about fields of the body that would have no effect. */
  problems: string[];
}

/**
 * A connection is given by `uri` or by `host`, `port` and `databaseName`, and `uri` wins when there are both. What a body says
 * must not lose silently against the saved other way: the body's `host` sets aside a saved `uri`, its `uri` a saved `host`; a
 * `port` or `databaseName` that the saved `uri` would hide is refused.
 *
 * @param body only fields that have a value
 */
export function listOverruled(
  saved: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): Overruled {
  const gives = (name: string): boolean => text(body[name]) !== '';
  const usesUri = isByUri({ ...saved, ...body });
  if (gives('uri')) {
    const hidden = !usesUri && !gives('host');
    return { names: hidden ? ['host', 'port'].filter((name) => text(saved[name]) !== '') : [], problems: [] };
  }
  if (!usesUri) return { names: [], problems: [] };
  if (gives('host')) return { names: ['uri'], problems: [] };
  const lost = ['port', 'databaseName'].filter(
    (name) => gives(name) && (name === 'port' || namesDatabase(text(saved.uri))),
  );
  return {
    names: [],
    problems: lost.map(
      (name) => `${name}: has no effect, for the saved uri says where to connect; give the whole uri, or host as well`,
    ),
  };
}

/** Whether a configuration leads where its `uri` says. */
export function isByUri(config: Readonly<Record<string, unknown>>): boolean {
  if (text(config.uri) === '') return false;
  return text(config.configMethod).toLowerCase() !== 'credentials' || text(config.host) === '';
}

function namesDatabase(uri: string): boolean {
  const [place = '', query = ''] = uri.split('?', 2);
  const path = place.replace(/^(?:jdbc:)?\w+:(?:\/\/[^/]*)?/i, '').replace(/^\//, '');
  return path !== '' || /(^|&)(dbname|databasename)=/i.test(query);
}

const text = (value: unknown): string => String(value ?? '').trim();
