"""What a third author wrote to make few rows many, short texts long, and a search endless."""

from __future__ import annotations

_P = "sales_pipeline"

BOMBS: dict[str, list[str]] = {
    "joins of everything with everything": [
        f"SELECT count(*) FROM {_P} a CROSS JOIN {_P} b",
        f"SELECT count(*) FROM {_P} a, {_P} b, {_P} c",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON true",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON 1 = 1",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.pipeline_year = a.pipeline_year",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.close_value < b.close_value",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.close_value <> b.close_value",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON NOT a.account = b.account",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.account = b.account OR true",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.account LIKE b.account",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.engage_date BETWEEN b.engage_date AND b.close_date",
        f"SELECT count(*) FROM {_P} a LEFT JOIN {_P} b ON a.close_value >= b.close_value",
        f"SELECT count(*) FROM {_P} a FULL JOIN {_P} b ON length(a.account) > length(b.account)",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON coalesce(a.account, 'x') = 'x' AND b.account IS NULL",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.account = 'x' AND b.account = 'y'",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.account IS DISTINCT FROM b.account",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON (a.account = b.account) IS NOT NULL",
        "SELECT count(*) FROM accounts a JOIN accounts b ON a.revenue < b.revenue JOIN accounts c"
        " ON b.revenue < c.revenue",
        f"SELECT count(*) FROM {_P} a JOIN accounts b ON a.account > b.account JOIN products c ON c.product"
        f" > a.product",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON a.account || '' IN (b.account, a.account)",
        f"SELECT count(*) FROM {_P} a JOIN {_P} b ON CASE WHEN a.account = b.account THEN true ELSE true END",
        f"SELECT count(*) FROM {_P} NATURAL JOIN {_P}",
        f"SELECT a.account FROM {_P} a CROSS JOIN {_P} b ORDER BY b.close_value DESC LIMIT 5",
        f"SELECT DISTINCT a.account FROM {_P} a CROSS JOIN {_P} b LIMIT 5",
        f"SELECT a.account, count(*) FROM {_P} a, {_P} b WHERE a.close_value > b.close_value GROUP BY"
        f" a.account LIMIT 5",
        f"SELECT count(*) FROM {_P} a, LATERAL (SELECT * FROM {_P} b) c",
        f"SELECT count(*) FROM {_P} a CROSS JOIN LATERAL (SELECT * FROM {_P} b WHERE b.close_value >"
        f" a.close_value) c",
        f"SELECT count(*) FROM (SELECT 1 AS k, account FROM {_P}) a JOIN (SELECT 1 AS k, account FROM {_P}) b"
        " ON a.k = b.k",
        f"SELECT count(*) FROM (SELECT 1 AS k FROM {_P}) a JOIN (SELECT 1 AS k FROM {_P}) b USING (k)",
        f"WITH a AS (SELECT account, 0 AS z FROM {_P}) SELECT count(*) FROM a x JOIN a y ON x.z = y.z",
        f"WITH a AS (SELECT account, employees * 0 AS z FROM accounts) SELECT count(*) FROM a x JOIN a y ON"
        f" x.z = y.z"
        f" CROSS JOIN {_P}",
        f"SELECT row_number() OVER () FROM {_P} a CROSS JOIN {_P} b LIMIT 10",
        f"SELECT a.account FROM {_P} a CROSS JOIN {_P} b WHERE a.account = 'nobody' AND b.account >"
        f" a.product LIMIT 1",
        f"SELECT count(*) FROM {_P} a WHERE EXISTS (SELECT 1 FROM {_P} b, {_P} c WHERE b.close_value >"
        f" c.close_value)",
    ],
    "what makes rows out of nothing": [
        f"SELECT count(*) FROM {_P} CROSS JOIN UNNEST(sequence(1, 10000)) AS t(n)",
        f"SELECT n FROM {_P}, UNNEST(sequence(1, 1000000000)) AS t(n)",
        f"SELECT x, y FROM {_P} CROSS JOIN UNNEST(sequence(1, 9000)) AS a(x) CROSS JOIN UNNEST(sequence(1,"
        f" 9000)) AS b(y)",
        f"SELECT cardinality(sequence(1, 100000000)) FROM {_P}",
        f"SELECT sequence(DATE '0001-01-01', DATE '9999-12-31', INTERVAL '1' DAY) FROM {_P}",
        f"SELECT n FROM {_P} CROSS JOIN UNNEST(sequence(1, pipeline_year)) AS t(n)"
        " CROSS JOIN UNNEST(sequence(1, pipeline_year)) AS u(m)",
        f"SELECT n FROM {_P} CROSS JOIN UNNEST(repeat('a', 1000000)) AS t(n)",
        f"SELECT n FROM {_P} CROSS JOIN UNNEST(split(rpad('a', 1000000, ','), ',')) AS t(n)",
        f"SELECT combinations(array_agg(account), 5) FROM {_P}",
        f"SELECT combinations(ARRAY[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20], 5) FROM {_P}",
        f"SELECT ngrams(array_agg(account), 1000) FROM {_P}",
        f"SELECT power_set(array_agg(account)) FROM {_P}",
        f"WITH a AS (SELECT array_agg(account) AS l FROM {_P}), b AS (SELECT l || l || l || l AS l FROM a),"
        " c AS (SELECT l || l || l || l AS l FROM b), d AS (SELECT l || l || l || l AS l FROM c),"
        " e AS (SELECT l || l || l || l AS l FROM d), f AS (SELECT l || l || l || l AS l FROM e)"
        " SELECT cardinality(l) FROM f",
        f"SELECT n, m FROM (SELECT array_agg(account) AS l FROM {_P}) CROSS JOIN UNNEST(l) AS t(n)"
        " CROSS JOIN UNNEST(l) AS u(m)",
        f"SELECT transform(l, x -> transform(l, y -> transform(l, z -> x || y || z)))"
        f" FROM (SELECT array_agg(account) AS l FROM {_P})",
        f"SELECT map(sequence(1, 10000), sequence(1, 10000)) FROM {_P}",
        f"SELECT cross_product(1, 2) FROM {_P}",
        f"SELECT count(*) FROM {_P}" + " CROSS JOIN (VALUES 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)" * 9,
        "WITH d AS (SELECT n FROM (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS v(n))"
        f" SELECT count(*) FROM {_P}, d a, d b, d c, d e, d f, d g, d h, d i",
        "WITH d AS (SELECT 1 AS n FROM accounts LIMIT 1000) SELECT count(*) FROM d a, d b, d c, d e, d f",
        "WITH a AS (SELECT account FROM accounts UNION ALL SELECT account FROM accounts),"
        + "".join(
            f" {chr(98 + n)} AS (SELECT account FROM {chr(97 + n)} UNION ALL SELECT account FROM {chr(97 + n)}),"
            for n in range(18)
        )
        + " z AS (SELECT account FROM s) SELECT count(*) FROM z",
    ],
    "texts and numbers that swell": [
        "SELECT rpad(account, 2000000000, 'x') FROM accounts",
        "SELECT lpad('', 100000000, account) FROM accounts",
        "SELECT repeat(account, 100000000) FROM accounts",
        "SELECT array_join(repeat(account, 100000), account) FROM accounts",
        "SELECT replace(rpad('a', 10000, 'a'), 'a', rpad('b', 10000, 'b')) FROM accounts",
        "SELECT replace(replace(replace(account, '', account), '', account), '', account) FROM accounts",
        "SELECT concat(account, rpad('x', employees * 1000000, 'y')) FROM accounts",
        "SELECT format('%1000000000d', employees) FROM accounts",
        "SELECT format('%-2000000000s', account) FROM accounts",
        "SELECT translate(rpad(account, 1000000000, '-'), '-', '=') FROM accounts",
        "SELECT from_base('zzzzzz', 36), to_hex(from_hex(rpad('', 900000000, 'ab'))) FROM accounts",
        "SELECT reduce(sequence(1, 40), account, (s, x) -> s || s, s -> s) FROM accounts",
        "SELECT reduce(ARRAY[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1], account,"
        " (s, x) -> concat(s, s), s -> s) FROM accounts",
        "SELECT reduce(ARRAY[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24], ARRAY[account],"
        " (s, x) -> s || s, s -> cardinality(s)) FROM accounts",
        "SELECT reduce_agg(account, '', (a, b) -> a || b || a, (a, b) -> a || b || a) FROM accounts",
        "SELECT listagg(repeat_text, ',') FROM (SELECT rpad(account, 1000000, 'x') AS repeat_text FROM accounts)",
        "WITH a AS (SELECT account AS t FROM accounts),"
        + "".join(f" {chr(98 + n)} AS (SELECT t || t AS t FROM {chr(97 + n)})," for n in range(24))
        + " z AS (SELECT max(t) AS t FROM y) SELECT length(t) FROM z",
        "WITH a AS (SELECT account AS t FROM accounts),"
        " b AS (SELECT concat(t, t, t, t, t, t, t, t, t, t) AS t FROM a),"
        " c AS (SELECT concat(t, t, t, t, t, t, t, t, t, t) AS t FROM b),"
        " d AS (SELECT concat(t, t, t, t, t, t, t, t, t, t) AS t FROM c),"
        " e AS (SELECT concat(t, t, t, t, t, t, t, t, t, t) AS t FROM d),"
        " f AS (SELECT concat(t, t, t, t, t, t, t, t, t, t) AS t FROM e),"
        " g AS (SELECT concat(t, t, t, t, t, t, t, t, t, t) AS t FROM f),"
        " h AS (SELECT concat(t, t, t, t, t, t, t, t, t, t) AS t FROM g) SELECT length(t) FROM h",
        "SELECT length(t) FROM (SELECT concat(t, t, t, t, t, t, t, t) AS t FROM (SELECT concat(t, t, t, t,"
        " t, t, t, t)"
        " AS t FROM (SELECT concat(t, t, t, t, t, t, t, t) AS t FROM (SELECT concat(t, t, t, t, t, t, t, t)"
        " AS t FROM"
        " (SELECT concat(t, t, t, t, t, t, t, t) AS t FROM (SELECT concat(t, t, t, t, t, t, t, t) AS t FROM"
        " (SELECT"
        " concat(t, t, t, t, t, t, t, t) AS t FROM (SELECT concat(account, account) AS t FROM accounts))))))))",
        "WITH a AS (SELECT account AS t FROM accounts), b AS (SELECT replace(t, 'a', t) AS t FROM a),"
        " c AS (SELECT replace(t, 'a', t) AS t FROM b), d AS (SELECT replace(t, 'a', t) AS t FROM c),"
        " e AS (SELECT replace(t, 'a', t) AS t FROM d), f AS (SELECT replace(t, 'a', t) AS t FROM e)"
        " SELECT max(length(t)) FROM f",
        "SELECT listagg(p.account, q.t) WITHIN GROUP (ORDER BY p.account) FROM sales_pipeline p"
        " CROSS JOIN (SELECT listagg(account, ',') WITHIN GROUP (ORDER BY account) AS t FROM sales_pipeline) q"
        " GROUP BY q.t",
        "SELECT power(10, 300) * factorial(employees) FROM accounts",
        "SELECT CAST(account AS char(2000000000)) FROM accounts",
        "SELECT json_format(CAST(map_agg(account, m) AS JSON)) FROM (SELECT account, rpad('', 99999999,"
        " 'x') AS m"
        " FROM accounts) t",
    ],
    "patterns that never end": [
        "SELECT account FROM accounts WHERE regexp_like(account, '(a+)+$')",
        "SELECT account FROM accounts WHERE regexp_like(account, '(a|aa)+b')",
        "SELECT account FROM accounts WHERE regexp_like(account, '(.*)*x')",
        "SELECT account FROM accounts WHERE regexp_like(account, '((a*)*)*b')",
        "SELECT account FROM accounts WHERE regexp_like(account, '(x+x+)+y')",
        "SELECT account FROM accounts WHERE regexp_like(account, '(a{1,1000}){1,1000}')",
        "SELECT account FROM accounts WHERE regexp_like(account, sector)",
        "SELECT account FROM accounts WHERE regexp_like(account, '(' || 'a+' || ')+$')",
        "WITH a AS (SELECT regexp_replace(account, '.', '$0$0$0$0$0$0') AS t FROM accounts), b AS (SELECT"
        " regexp_replace(t, '.', '$0$0$0$0$0$0') AS t FROM a), c AS (SELECT regexp_replace(t, '.',"
        " '$0$0$0$0$0$0') AS t"
        " FROM b), d AS (SELECT regexp_replace(t, '.', '$0$0$0$0$0$0') AS t FROM c) SELECT max(length(t))"
        " FROM d",
        "SELECT account FROM accounts WHERE regexp_like(account, :account_name)",
        "SELECT account FROM accounts WHERE regexp_like(account, '.*.*.*.*.*.*.*.*.*.*.*.*x')",
        "SELECT account FROM accounts WHERE regexp_like(account, '(?i)(?:[a-z]+)*$')",
        "SELECT account FROM accounts WHERE regexp_like(account, 'a)(b')",
        "SELECT regexp_extract_all(account, '(\\w+\\s*)*!') FROM accounts",
        "SELECT regexp_split(account, '(?:a?){50}a{50}') FROM accounts",
        "SELECT regexp_replace(account, '.', x -> rpad(account, 1000000, x[1])) FROM accounts",
        "SELECT regexp_count(account, '(.+)+,') FROM accounts",
        "SELECT account FROM accounts WHERE account LIKE '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b'",
    ],
    "patterns over rows": [
        f"SELECT * FROM {_P} MATCH_RECOGNIZE (PARTITION BY account ORDER BY engage_date MEASURES"
        f" A.close_value AS v"
        " ALL ROWS PER MATCH PATTERN (A+ B*) DEFINE B AS B.close_value > A.close_value)",
        f"SELECT * FROM {_P} MATCH_RECOGNIZE (ORDER BY engage_date PATTERN ((A* B*)* C) DEFINE A AS true) AS m",
        f"SELECT account, v OVER w FROM {_P} WINDOW w AS (PARTITION BY account ORDER BY engage_date"
        " MEASURES A.close_value AS v ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING PATTERN (A+) DEFINE"
        " A AS true)",
    ],
    "groups that multiply": [
        f"SELECT count(*) FROM {_P} GROUP BY CUBE (opportunity_id, sales_agent, product, account, deal_stage,"
        " engage_date, close_date, close_value, pipeline_year)",
        "SELECT count(*) FROM accounts GROUP BY CUBE (account, sector, year_established, revenue, employees,"
        " office_location, subsidiary_of)",
        f"SELECT count(*) FROM {_P} GROUP BY CUBE (sales_agent, product), CUBE (account, deal_stage),"
        " CUBE (engage_date, close_date, close_value)",
        f"SELECT count(*) FROM {_P} GROUP BY ROLLUP (opportunity_id, sales_agent, product, account, deal_stage),"
        " ROLLUP (engage_date, close_date, close_value, pipeline_year), ROLLUP (sales_agent, product, account)",
        f"SELECT count(*) FROM {_P} GROUP BY GROUPING SETS ("
        + ", ".join(["(opportunity_id, account)", "(account)", "()"] * 60)
        + ")",
        f"SELECT count(*) FROM {_P} GROUP BY GROUPING SETS (CUBE (sales_agent, product, account, deal_stage),"
        " CUBE (sales_agent, product, account, deal_stage)), CUBE (engage_date, close_date)",
    ],
    "windows and limits": [
        f"SELECT account FROM {_P} LIMIT -1",
        f"SELECT account FROM {_P} ORDER BY account FETCH FIRST 3 ROWS WITH TIES",
        f"SELECT account FROM {_P} LIMIT 1e9",
        f"SELECT account FROM {_P} LIMIT :account_name",
        f"SELECT account FROM {_P} OFFSET -5",
        f"SELECT account FROM {_P} LIMIT 10 PERCENT",
        f"SELECT account FROM {_P} FETCH FIRST 10 PERCENT ROWS ONLY",
        f"SELECT account FROM {_P} ORDER BY 1 FETCH FIRST (SELECT 5) ROWS ONLY",
        f"SELECT TOP 10 account FROM {_P}",
        f"SELECT account FROM {_P} FOR UPDATE",
        f"SELECT account FROM {_P} LIMIT 5 SETTINGS max_memory = 1",
        f"SELECT array_agg(opportunity_id) OVER (ORDER BY engage_date ROWS BETWEEN UNBOUNDED PRECEDING AND"
        f" CURRENT ROW)"
        f" FROM {_P}",
        f"SELECT listagg(opportunity_id, ',') WITHIN GROUP (ORDER BY engage_date) OVER () FROM {_P}",
        f"SELECT array_agg(opportunity_id) OVER () FROM {_P}",
    ],
}
