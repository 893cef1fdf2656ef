"""Questions an analyst asks of the sales history. Each runs, and means after the guard what it meant before.

Where rows could come in any order, the query orders them or the comparison does.
"""

from __future__ import annotations

GOOD: list[str] = [
    # ---- plain
    "SELECT * FROM products",
    "SELECT * FROM sales_pipeline WHERE deal_stage = 'Won'",
    "select account, sector from accounts where employees > 1000",
    "SELECT DISTINCT deal_stage FROM sales_pipeline",
    "SELECT ALL product FROM products",
    "SELECT p.* FROM products AS p",
    "SELECT p.*, p.sales_price * 2 AS doubled FROM products p",
    "SELECT products.product FROM products",
    "SELECT sales.products.product FROM sales.products",
    "SELECT account FROM awsdatacatalog.sales.accounts",
    'SELECT "account" FROM "sales"."accounts"',
    'SELECT "sector" AS "Customer sector (2026)" FROM accounts',
    "SELECT account AS kunde, revenue AS umsatz FROM accounts ORDER BY umsatz DESC",
    "SELECT account, revenue FROM accounts ORDER BY 2 DESC, 1 ASC",
    "SELECT account FROM accounts ORDER BY revenue DESC NULLS LAST, account LIMIT 5",
    "SELECT account FROM accounts ORDER BY account OFFSET 3 LIMIT 4",
    "SELECT account FROM accounts ORDER BY account OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY",
    "SELECT account FROM accounts ORDER BY account FETCH FIRST ROW ONLY",
    "SELECT account FROM accounts ORDER BY account LIMIT ALL",
    "SELECT account FROM accounts LIMIT 100000",
    "(SELECT account FROM accounts)",
    "SELECT account FROM accounts;",
    "  SELECT account\n\tFROM accounts\n ; ",
    "SELECT PRODUCT FROM PRODUCTS",
    # ---- conditions
    "SELECT account FROM accounts WHERE sector IN ('retail', 'health')",
    "SELECT account FROM accounts WHERE sector NOT IN ('retail', 'health') AND NOT revenue < 100",
    "SELECT account FROM accounts WHERE revenue BETWEEN 100 AND 500.5",
    "SELECT account FROM accounts WHERE revenue NOT BETWEEN 100 AND 500 OR employees >= 2000",
    "SELECT account FROM accounts WHERE account LIKE 'A%' OR account LIKE '%s'",
    "SELECT account FROM accounts WHERE account NOT LIKE 'A!_%' ESCAPE '!'",
    "SELECT account FROM accounts WHERE subsidiary_of IS NULL OR subsidiary_of = ''",
    "SELECT account FROM accounts WHERE subsidiary_of IS NOT NULL",
    "SELECT opportunity_id FROM sales_pipeline WHERE close_date IS DISTINCT FROM engage_date",
    "SELECT opportunity_id FROM sales_pipeline WHERE close_date IS NOT DISTINCT FROM engage_date",
    "SELECT account FROM accounts WHERE (sector, office_location) IN (('retail', 'Kenya'), ('health', 'Japan'))",
    "SELECT account FROM accounts WHERE account = 'O''Brien; DROP TABLE x --'",
    "SELECT account FROM accounts WHERE account = 'São Paulo Café' OR account = '東京' OR account = 'O’Neil'",
    "SELECT account FROM accounts WHERE account <> '/* not a comment */ $path `x` ? @y {{ z }}'",
    "SELECT account FROM accounts WHERE account <> 'back\\slash'",
    "SELECT account FROM accounts WHERE true AND 1 = 1",
    "SELECT account FROM accounts WHERE revenue > -5 AND revenue <> +0.5 AND revenue < 1e9",
    "SELECT account FROM accounts WHERE revenue >= ALL (SELECT revenue FROM accounts)",
    "SELECT product FROM products WHERE sales_price > ANY (SELECT close_value FROM sales_pipeline)",
    "SELECT product FROM products WHERE sales_price <= SOME (SELECT close_value FROM sales_pipeline)",
    # ---- counting
    "SELECT count(*) FROM sales_pipeline",
    "SELECT COUNT(*) AS n, SUM(close_value) AS total, AVG(close_value) AS mean, MIN(close_date), MAX(close_date) "
    "FROM sales_pipeline WHERE deal_stage = 'Won'",
    "SELECT deal_stage, count(*) AS n FROM sales_pipeline GROUP BY deal_stage",
    "SELECT deal_stage, count(*) AS n FROM sales_pipeline GROUP BY 1 ORDER BY n DESC",
    "SELECT product, deal_stage, count(*) n FROM sales_pipeline GROUP BY 1, 2 HAVING count(*) > 20 ORDER BY 1, 2",
    "SELECT count(DISTINCT account) FROM sales_pipeline",
    "SELECT count(DISTINCT account), count(DISTINCT product) FROM sales_pipeline",
    "SELECT sum(DISTINCT sales_price) FROM products",
    "SELECT sales_agent, 1.0 * sum(CASE WHEN deal_stage = 'Won' THEN 1 ELSE 0 END) / count(*) AS win_rate "
    "FROM sales_pipeline WHERE deal_stage IN ('Won', 'Lost') GROUP BY sales_agent ORDER BY win_rate DESC, 1",
    "SELECT count_if(deal_stage = 'Won') AS won, count_if(deal_stage = 'Lost') AS lost FROM sales_pipeline",
    "SELECT count(*) FILTER (WHERE deal_stage = 'Won') AS won FROM sales_pipeline",
    "SELECT avg(close_value) FILTER (WHERE close_value > 0) AS paid, product FROM sales_pipeline GROUP BY product",
    "SELECT stddev(close_value), stddev_pop(close_value), variance(close_value), var_pop(close_value) "
    "FROM sales_pipeline",
    "SELECT corr(revenue, employees), covar_pop(revenue, employees), regr_slope(revenue, employees) FROM accounts",
    "SELECT approx_percentile(close_value, 0.5) FROM sales_pipeline WHERE deal_stage = 'Won'",
    "SELECT approx_distinct(account) > 0 AS some FROM sales_pipeline",
    "SELECT max_by(account, revenue), min_by(account, revenue) FROM accounts",
    "SELECT bool_and(revenue > 0), bool_or(revenue > 5000), every(employees > 0) FROM accounts",
    "SELECT arbitrary(sales_price) FROM products WHERE product = 'Data Lake'",
    "SELECT sector, array_sort(array_agg(account)) AS names FROM accounts GROUP BY sector",
    "SELECT sector, array_agg(account ORDER BY revenue DESC) AS names FROM accounts GROUP BY sector",
    "SELECT sector, array_join(array_agg(account ORDER BY account), ', ') AS names FROM accounts GROUP BY sector",
    "SELECT sector, listagg(account, '; ') WITHIN GROUP (ORDER BY account) AS names FROM accounts GROUP BY sector",
    "SELECT cardinality(map_agg(product, sales_price)) AS n FROM products",
    "SELECT element_at(map_agg(product, sales_price), 'Data Lake') AS price FROM products",
    "SELECT geometric_mean(sales_price) FROM products",
    "SELECT skewness(revenue), kurtosis(revenue) FROM accounts",
    "SELECT sector, sum(revenue) / nullif(count(*), 0) AS each FROM accounts GROUP BY sector",
    "SELECT deal_stage AS stage, count(*) AS n FROM sales_pipeline GROUP BY stage HAVING n > 10",
    "SELECT 'all' AS label, count(*) FROM accounts",
    # ---- grouping sets
    "SELECT sector, office_location, count(*) FROM accounts GROUP BY GROUPING SETS ((sector), "
    "(office_location), ())",
    "SELECT sector, office_location, count(*) FROM accounts GROUP BY ROLLUP (sector, office_location)",
    "SELECT sector, office_location, sum(revenue) FROM accounts GROUP BY CUBE (sector, office_location)",
    "SELECT sector, grouping(sector) AS whole, count(*) FROM accounts GROUP BY ROLLUP (sector)",
    "SELECT count(*) FROM accounts GROUP BY ()",
    # ---- joins
    "SELECT p.opportunity_id, a.sector FROM sales_pipeline p JOIN accounts a ON p.account = a.account",
    "SELECT p.opportunity_id, a.sector FROM sales_pipeline p INNER JOIN accounts a ON a.account = p.account",
    "SELECT p.opportunity_id, a.sector FROM sales_pipeline p LEFT JOIN accounts a ON p.account = a.account",
    "SELECT p.opportunity_id, a.sector FROM sales_pipeline p LEFT OUTER JOIN accounts a USING (account)",
    "SELECT a.account, count(p.opportunity_id) n FROM sales_pipeline p RIGHT JOIN accounts a "
    "ON p.account = a.account AND p.deal_stage = 'Won' GROUP BY a.account",
    "SELECT coalesce(p.product, q.product) AS product, count(*) FROM sales_pipeline p FULL OUTER JOIN products q "
    "ON p.product = q.product GROUP BY 1",
    "SELECT account, sector, product FROM sales_pipeline JOIN accounts USING (account)",
    "SELECT p.product, t.regional_office, a.sector, q.series, sum(p.close_value) AS total FROM sales_pipeline p "
    "JOIN accounts a ON a.account = p.account JOIN products q ON q.product = p.product "
    "JOIN sales_teams t ON t.sales_agent = p.sales_agent GROUP BY 1, 2, 3, 4",
    "SELECT p.opportunity_id FROM sales_pipeline p, accounts a WHERE p.account = a.account AND a.sector "
    "= 'retail'",
    "SELECT count(*) FROM sales_pipeline p, accounts a, products q "
    "WHERE p.account = a.account AND q.product = p.product",
    "SELECT a.account, b.account AS other FROM accounts a JOIN accounts b "
    "ON a.sector = b.sector AND a.account < b.account",
    "SELECT a.account FROM accounts a JOIN products q ON a.revenue BETWEEN q.sales_price AND q.sales_price * 2",
    "SELECT x.product, y.product AS next, count(*) AS n FROM sales_pipeline x JOIN sales_pipeline y "
    "ON x.account = y.account AND y.engage_date > x.close_date WHERE x.deal_stage = 'Won' AND "
    "y.deal_stage = 'Won' "
    "GROUP BY 1, 2 ORDER BY n DESC, 1, 2",
    "SELECT product, sales_price, m FROM products CROSS JOIN (SELECT avg(close_value) AS m FROM sales_pipeline) t",
    "SELECT p.product, p.close_value - s.m AS above FROM sales_pipeline p "
    "CROSS JOIN (SELECT avg(close_value) AS m FROM sales_pipeline WHERE deal_stage = 'Won') s",
    "SELECT r.regional_office, s.series FROM (SELECT DISTINCT regional_office FROM sales_teams) r "
    "CROSS JOIN (SELECT DISTINCT series FROM products) s",
    "SELECT lower(a.account) FROM accounts a JOIN sales_pipeline p ON lower(p.account) = lower(a.account)",
    "SELECT count(*) FROM (sales_pipeline p JOIN accounts a ON p.account = a.account) "
    "JOIN products q ON q.product = p.product",
    "SELECT a.account, x.n FROM accounts a LEFT JOIN (SELECT account, count(*) AS n FROM sales_pipeline "
    "GROUP BY account) x ON x.account = a.account",
    "SELECT account FROM accounts a CROSS JOIN products p LIMIT 0",
    # ---- subqueries
    "SELECT account FROM accounts WHERE account IN (SELECT account FROM sales_pipeline WHERE close_value > 10000)",
    "SELECT account FROM accounts WHERE account NOT IN (SELECT account FROM sales_pipeline WHERE product = 'x')",
    "SELECT account FROM accounts a WHERE EXISTS "
    "(SELECT 1 FROM sales_pipeline p WHERE p.account = a.account AND p.deal_stage = 'Won')",
    "SELECT account FROM accounts a WHERE NOT EXISTS "
    "(SELECT * FROM sales_pipeline p WHERE p.account = a.account AND p.close_value > 50000)",
    "SELECT product, sales_price - (SELECT avg(sales_price) FROM products) AS above FROM products",
    "SELECT account, (SELECT count(*) FROM sales_pipeline p WHERE p.account = a.account) AS n FROM accounts a",
    "SELECT avg(n) FROM (SELECT account, count(*) AS n FROM sales_pipeline GROUP BY account)",
    "SELECT * FROM (SELECT account, revenue FROM accounts ORDER BY revenue DESC, account LIMIT 3) AS top",
    "SELECT t.a FROM (SELECT account AS a FROM accounts) AS t WHERE t.a LIKE 'S%'",
    "SELECT x, y FROM (SELECT account, revenue FROM accounts) AS t (x, y)",
    "SELECT max(m) FROM (SELECT max(close_value) AS m FROM (SELECT * FROM sales_pipeline) GROUP BY product)",
    # ---- named queries
    "WITH won AS (SELECT * FROM sales_pipeline WHERE deal_stage = 'Won') SELECT count(*) FROM won",
    "WITH won AS (SELECT account, close_value FROM sales_pipeline WHERE deal_stage = 'Won'), "
    "big AS (SELECT account FROM won WHERE close_value > 20000) SELECT DISTINCT account FROM big",
    "WITH t (product, n) AS (SELECT product, count(*) FROM sales_pipeline GROUP BY product) "
    "SELECT product, n FROM t WHERE n > 1",
    "WITH w AS (SELECT account, count(*) AS n FROM sales_pipeline GROUP BY account) "
    "SELECT a.account, w.n FROM accounts a JOIN w ON w.account = a.account ORDER BY 1",
    "WITH a AS (SELECT sector, sum(revenue) AS s FROM accounts GROUP BY 1), b AS (SELECT sum(s) AS whole FROM a) "
    "SELECT sector, s / whole AS share FROM a CROSS JOIN b",
    "WITH cohort AS (SELECT account, min(engage_date) AS since FROM sales_pipeline GROUP BY account) "
    "SELECT year(since) AS y, count(*) FROM cohort GROUP BY year(since)",
    "SELECT * FROM (WITH x AS (SELECT product FROM products) SELECT * FROM x) t",
    # ---- sets
    "SELECT account FROM accounts UNION SELECT account FROM sales_pipeline",
    "SELECT product FROM products UNION ALL SELECT product FROM sales_pipeline",
    "SELECT product FROM products INTERSECT SELECT product FROM sales_pipeline",
    "SELECT product FROM products EXCEPT SELECT product FROM sales_pipeline WHERE deal_stage = 'Won'",
    "SELECT account AS name, 'account' AS kind FROM accounts UNION ALL SELECT product, 'product' FROM products "
    "ORDER BY kind, name LIMIT 20",
    "(SELECT account FROM accounts ORDER BY account LIMIT 2) UNION ALL (SELECT product FROM products)",
    "SELECT name FROM (SELECT account AS name FROM accounts UNION SELECT product FROM products) t ORDER BY name",
    # ---- windows
    "SELECT product, sales_price, rank() OVER (ORDER BY sales_price DESC) AS place FROM products",
    "SELECT account, sector, row_number() OVER (PARTITION BY sector ORDER BY revenue DESC, account) AS n "
    "FROM accounts",
    "SELECT * FROM (SELECT account, sector, row_number() OVER (PARTITION BY sector ORDER BY revenue DESC) AS n "
    "FROM accounts) WHERE n <= 2",
    "SELECT opportunity_id, sum(close_value) OVER (PARTITION BY account ORDER BY close_date, opportunity_id "
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far FROM sales_pipeline",
    "SELECT opportunity_id, avg(close_value) OVER (ORDER BY engage_date, opportunity_id ROWS 6 PRECEDING) AS m "
    "FROM sales_pipeline",
    "SELECT opportunity_id, lag(engage_date) OVER (PARTITION BY account ORDER BY engage_date, "
    "opportunity_id) AS b, "
    "lead(engage_date, 1) OVER (PARTITION BY account ORDER BY engage_date, opportunity_id) AS c FROM "
    "sales_pipeline",
    "SELECT account, ntile(4) OVER (ORDER BY revenue, account) AS quarter, percent_rank() OVER (ORDER BY revenue) "
    "AS p, cume_dist() OVER (ORDER BY revenue) AS c, dense_rank() OVER (ORDER BY sector) AS d FROM accounts",
    "SELECT product, first_value(product) OVER w AS top, last_value(product) OVER w AS low FROM products "
    "WINDOW w AS (PARTITION BY series ORDER BY sales_price DESC "
    "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
    "SELECT sector, count(*) AS n, sum(count(*)) OVER () AS whole FROM accounts GROUP BY sector",
    "SELECT sector, 100.0 * count(*) / sum(count(*)) OVER () AS share FROM accounts GROUP BY sector "
    "ORDER BY 2 DESC, 1",
    "SELECT date_trunc('month', engage_date) AS m, count(*) AS n, "
    "count(*) - lag(count(*)) OVER (ORDER BY date_trunc('month', engage_date)) AS change "
    "FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT nth_value(product, 2) OVER (ORDER BY sales_price) AS second FROM products",
    # ---- times
    "SELECT date_trunc('quarter', close_date) AS q, sum(close_value) FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT avg(date_diff('day', engage_date, close_date)) AS days FROM sales_pipeline WHERE deal_stage = 'Won'",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date >= DATE '2025-01-01'",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date >= date('2025-01-01')",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date BETWEEN DATE '2025-01-01' AND DATE '2025-06-30'",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date > date_add('month', -6, DATE '2026-02-28')",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date > DATE '2026-02-28' - INTERVAL '90' DAY",
    "SELECT opportunity_id FROM sales_pipeline WHERE close_date < engage_date + INTERVAL '1' MONTH",
    "SELECT count(*) FROM sales_pipeline WHERE engage_date < current_date",
    "SELECT count(*) FROM sales_pipeline WHERE engage_date < current_timestamp OR engage_date < now()",
    "SELECT year(engage_date) AS y, month(engage_date) AS m, count(*) FROM sales_pipeline GROUP BY 1, 2",
    "SELECT extract(year FROM engage_date) AS y, extract(month FROM engage_date) AS m FROM sales_pipeline",
    "SELECT quarter(engage_date), day(engage_date), day_of_week(engage_date), day_of_year(engage_date), "
    "week(engage_date) FROM sales_pipeline",
    "SELECT date_format(engage_date, '%Y-%m') AS m, count(*) FROM sales_pipeline GROUP BY 1",
    "SELECT count(*) FROM sales_pipeline WHERE engage_date > date_parse('2025-03-01', '%Y-%m-%d')",
    "SELECT last_day_of_month(engage_date) FROM sales_pipeline",
    "SELECT count(*) FROM sales_pipeline WHERE engage_date > from_iso8601_date('2025-01-01')",
    "SELECT count(*) FROM sales_pipeline WHERE pipeline_year = 2025",
    "SELECT pipeline_year, count(*) FROM sales_pipeline WHERE pipeline_year IN (2024, 2025) GROUP BY "
    "pipeline_year",
    "SELECT CAST(engage_date AS timestamp) FROM sales_pipeline",
    # ---- texts and numbers
    "SELECT upper(account), lower(sector), length(account), substr(account, 1, 3), trim(sector) FROM accounts",
    "SELECT concat(account, ' (', sector, ')') AS label, account || '!' AS loud FROM accounts",
    "SELECT replace(account, 'Corp', 'Inc'), reverse(account), strpos(account, 'a') FROM accounts",
    "SELECT split_part(account, ' ', 1) AS first, count(*) FROM accounts GROUP BY 1",
    "SELECT account FROM accounts WHERE starts_with(account, 'Ex') OR position('me' IN account) > 0",
    "SELECT account FROM accounts WHERE regexp_like(account, '^[A-M]')",
    "SELECT regexp_extract(account, '^[A-Za-z]+'), regexp_replace(account, '[aeiou]', '*') FROM accounts",
    "SELECT lpad(CAST(employees AS varchar), 8, '0'), rpad(sector, 12, '.') FROM accounts",
    "SELECT ltrim(account), rtrim(account), substring(account FROM 1 FOR 2) FROM accounts",
    "SELECT levenshtein_distance(account, 'Acme Corp') AS d FROM accounts ORDER BY d, account LIMIT 3",
    "SELECT account FROM accounts ORDER BY lower(account)",
    "SELECT round(revenue, 1), ceil(revenue), floor(revenue), abs(-revenue), sqrt(revenue), power(revenue, 2), "
    "ln(revenue), log10(revenue), exp(1), mod(employees, 7), employees % 7, sign(revenue), truncate(revenue) "
    "FROM accounts",
    "SELECT greatest(revenue, employees), least(revenue, employees) FROM accounts",
    "SELECT width_bucket(revenue, 0, 5000, 10) AS bucket, count(*) FROM accounts GROUP BY 1 ORDER BY 1",
    "SELECT CAST(revenue AS bigint), CAST(employees AS double), CAST(revenue AS decimal(12, 2)) FROM accounts",
    "SELECT try_cast(sector AS integer), try_cast('12' AS bigint), try(1 / employees) FROM accounts",
    "SELECT coalesce(subsidiary_of, 'none'), nullif(subsidiary_of, ''), if(revenue > 500, 'big', 'small') "
    "FROM accounts",
    "SELECT CASE sector WHEN 'retail' THEN 'R' WHEN 'health' THEN 'H' ELSE '-' END AS s, count(*) FROM accounts "
    "GROUP BY 1",
    "SELECT CASE WHEN revenue > 1000 THEN 'large' WHEN revenue > 100 THEN 'middle' END AS size FROM accounts",
    "SELECT product, 100 * (sales_price - avg_price) / avg_price AS above FROM products "
    "JOIN (SELECT series, avg(sales_price) AS avg_price FROM products GROUP BY series) s USING (series)",
    "SELECT avg(1 - p.close_value / q.sales_price) AS discount FROM sales_pipeline p "
    "JOIN products q ON q.product = p.product WHERE p.deal_stage = 'Won'",
    # ---- lists
    "SELECT x FROM products CROSS JOIN UNNEST(ARRAY[1, 2, 3]) AS t (x)",
    "SELECT product, word FROM products CROSS JOIN UNNEST(split(product, ' ')) AS t (word)",
    "SELECT product, word, place FROM products CROSS JOIN UNNEST(split(product, ' ')) WITH ORDINALITY AS "
    "t (word, place)",
    "SELECT n, (SELECT count(*) FROM products) AS c FROM UNNEST(sequence(1, 5)) AS t (n)",
    "SELECT contains(array_agg(product), 'Data Lake') AS has FROM products",
    "SELECT transform(array_agg(sales_price ORDER BY product), x -> x * 2) AS doubled FROM products",
    "SELECT filter(array_agg(sales_price ORDER BY product), x -> x > 5000) AS large FROM products",
    "SELECT cardinality(array_distinct(array_agg(series))) AS n FROM products",
    "SELECT array_max(array_agg(sales_price)), array_min(array_agg(sales_price)) FROM products",
    "SELECT slice(array_agg(product ORDER BY product), 1, 2) AS two FROM products",
    "SELECT array_agg(product ORDER BY product)[1] AS first FROM products",
    "SELECT k.label, count(*) FROM accounts a JOIN (VALUES ('retail', 'shops'), ('health', 'care')) AS k "
    "(sector, label) "
    "ON k.sector = a.sector GROUP BY k.label",
    "SELECT account FROM accounts WHERE sector = ANY (VALUES 'retail', 'health')",
    "SELECT account FROM accounts WHERE sector IN (VALUES 'retail', 'health')",
    "SELECT format('%s (%s)', account, sector) AS label FROM accounts",
    "SELECT a.account, b.account AS other FROM accounts a CROSS JOIN (SELECT account FROM accounts "
    "ORDER BY revenue DESC, account FETCH FIRST 3 ROWS ONLY) b",
    # ---- long ones
    "WITH closed AS (SELECT p.*, a.sector, a.revenue AS customer_revenue, q.series, q.sales_price, "
    "t.regional_office, "
    "date_diff('day', p.engage_date, p.close_date) AS cycle FROM sales_pipeline p "
    "LEFT JOIN accounts a ON a.account = p.account LEFT JOIN products q ON q.product = p.product "
    "LEFT JOIN sales_teams t ON t.sales_agent = p.sales_agent WHERE p.deal_stage IN ('Won', 'Lost')), "
    "rates AS (SELECT sector, series, count(*) AS n, avg(CASE WHEN deal_stage = 'Won' THEN 1.0 ELSE 0.0 "
    "END) AS rate, "
    "avg(cycle) AS days, avg(CASE WHEN deal_stage = 'Won' THEN 1 - close_value / sales_price END) AS discount "
    "FROM closed GROUP BY sector, series) "
    "SELECT r.*, rank() OVER (ORDER BY rate DESC, sector, series) AS place FROM rates r WHERE n >= 5 "
    "ORDER BY place",
    "SELECT sales_agent, manager, won, asked, 1.0 * won / asked AS rate FROM (SELECT t.sales_agent, t.manager, "
    "count_if(p.deal_stage = 'Won') AS won, count(*) AS asked FROM sales_teams t JOIN sales_pipeline p "
    "ON p.sales_agent = t.sales_agent WHERE p.deal_stage IN ('Won', 'Lost') GROUP BY t.sales_agent, t.manager) s "
    "WHERE asked > 10 ORDER BY rate DESC, sales_agent FETCH FIRST 5 ROWS ONLY",
    "SELECT p1.account, p1.product FROM sales_pipeline p1 WHERE p1.close_value > (SELECT avg(p2.close_value) "
    "FROM sales_pipeline p2 WHERE p2.product = p1.product AND p2.deal_stage = 'Won') ORDER BY 1, 2",
]

WITH_PARAMETERS: list[tuple[str, dict[str, str]]] = [
    (
        "SELECT product, count(*) FROM sales_pipeline WHERE account = :account_name GROUP BY 1",
        {"account_name": "Acme Corp"},
    ),
    (
        "SELECT account FROM accounts WHERE sector = :sector AND account <> :account_name ORDER BY account",
        {"sector": "retail", "account_name": "O'Brien'; DROP TABLE accounts; --"},
    ),
    (
        "WITH a AS (SELECT account FROM accounts WHERE sector = :sector) SELECT p.product FROM sales_pipeline p "
        "JOIN a ON a.account = p.account WHERE p.product <> :product OR :sector = 'x'",
        {"sector": "health", "product": "Data Lake"},
    ),
]
"""Queries with values of users."""
