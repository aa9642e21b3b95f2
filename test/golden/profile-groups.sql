SELECT
  ((SELECT count(*) FROM g))::VARCHAR AS a0,
  ((SELECT coalesce(sum(n::HUGEINT * n::HUGEINT), 0) FROM g))::VARCHAR AS a1,
  ((SELECT to_json(list([b::VARCHAR, m::VARCHAR] ORDER BY b)) FROM (
  SELECT h >> 53 AS b, bit_or(w & -w) AS m FROM (
    SELECT h, ((h & 9007199254740991) | 9007199254740992)::BIGINT AS w FROM (SELECT (md5_number(v::VARCHAR)::UHUGEINT >> 64)::UBIGINT AS h FROM g)
  ) GROUP BY 1)))::VARCHAR AS a2,
  ((SELECT to_json(list([left(v::VARCHAR, 1025), n::VARCHAR] ORDER BY n DESC, v)) FROM (SELECT v, n FROM g ORDER BY n DESC, v LIMIT 100)))::VARCHAR AS a3,
  ((SELECT count(*) FROM g))::VARCHAR AS a4
