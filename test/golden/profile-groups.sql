SELECT
  ((SELECT to_json(list(v::VARCHAR ORDER BY r)) FROM (SELECT unnest([1, 1, 1, 2, 3, 3, 3]) AS r) ASOF JOIN (SELECT v, n, (sum(n) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING))::BIGINT AS upto FROM g) ON r <= upto))::VARCHAR AS a0,
  ((SELECT to_json(list([left(v::VARCHAR, 1025), n::VARCHAR] ORDER BY n DESC, v)) FROM (SELECT v, n FROM g ORDER BY n DESC, v LIMIT 100)))::VARCHAR AS a1,
  ((SELECT count(*) FROM g))::VARCHAR AS a2
