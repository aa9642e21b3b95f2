SELECT
  ((SELECT count(*) FROM d))::VARCHAR AS a0,
  ((SELECT coalesce(sum(n::HUGEINT * n::HUGEINT), 0) FROM g))::VARCHAR AS a1,
  ((SELECT to_json(list([b::VARCHAR, m::VARCHAR] ORDER BY b)) FROM (
  SELECT h >> 53 AS b, bit_or(w & -w) AS m FROM (
    SELECT h, ((h & 9007199254740991) | 9007199254740992)::BIGINT AS w FROM (SELECT (md5_number(v::VARCHAR)::UHUGEINT >> 64)::UBIGINT AS h FROM g)
  ) GROUP BY 1)))::VARCHAR AS a2,
  ((SELECT to_json(list(h ORDER BY h)) FROM (SELECT DISTINCT ((hash(c) >> 47) << 17) | ((md5_number(c)::UHUGEINT >> 64)::UBIGINT >> 47) AS h FROM (SELECT x::VARCHAR AS c FROM (SELECT v AS x FROM d WHERE v IS NOT NULL) WHERE true) WHERE c <> '' ORDER BY h LIMIT 2561)))::VARCHAR AS a3
