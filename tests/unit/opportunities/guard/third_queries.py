"""Good queries by a third author, who knew Athena's reference and the catalogue and not the guard's code."""

from __future__ import annotations

THIRD_QUERIES = [
    "SELECT count(*) FROM sales_pipeline",
    "SELECT count(*) AS deals, count(DISTINCT account) AS customers, sum(close_value) AS revenue FROM"
    " sales_pipeline",
    "SELECT deal_stage, count(*) AS n FROM sales_pipeline GROUP BY deal_stage ORDER BY n DESC, deal_stage",
    "SELECT deal_stage, count(*) * 100.0 / sum(count(*)) OVER () AS share FROM sales_pipeline GROUP BY deal_stage",
    "SELECT product, avg(CASE WHEN deal_stage = 'Won' THEN 1.0 ELSE 0.0 END) AS win_rate FROM sales_pipeline"
    " WHERE deal_stage IN ('Won', 'Lost') GROUP BY product ORDER BY win_rate DESC, product",
    "SELECT product, count(*) FILTER (WHERE deal_stage = 'Won') * 1.0 / nullif(count(*) FILTER"
    " (WHERE deal_stage IN ('Won', 'Lost')), 0) AS win_rate FROM sales_pipeline GROUP BY product",
    "SELECT count_if(deal_stage = 'Won') AS won, count_if(deal_stage = 'Lost') AS lost FROM sales_pipeline",
    "SELECT sales_agent, sum(close_value) AS revenue FROM sales_pipeline WHERE deal_stage = 'Won'"
    " GROUP BY sales_agent HAVING sum(close_value) > 10000 ORDER BY revenue DESC LIMIT 10",
    "SELECT account, min(engage_date) AS first_deal, max(engage_date) AS last_deal FROM sales_pipeline"
    " GROUP BY account",
    "SELECT round(avg(close_value), 2) AS mean, round(stddev(close_value), 2) AS spread FROM sales_pipeline"
    " WHERE deal_stage = 'Won'",
    "SELECT product, min(close_value), max(close_value), avg(close_value) FROM sales_pipeline"
    " WHERE close_value > 0 GROUP BY 1 ORDER BY 1",
    "SELECT corr(date_diff('day', engage_date, close_date), close_value) FROM sales_pipeline WHERE"
    " close_value > 0",
    "SELECT product, var_pop(close_value), stddev_pop(close_value) FROM sales_pipeline GROUP BY product",
    "SELECT bool_or(deal_stage = 'Won') AS ever, account FROM sales_pipeline GROUP BY account",
    "SELECT every(close_value >= 0) AS sane FROM sales_pipeline",
    "SELECT product, max_by(account, close_value) AS best FROM sales_pipeline WHERE deal_stage = 'Won'"
    " GROUP BY product",
    "SELECT geometric_mean(close_value) FROM sales_pipeline WHERE close_value > 0",
    "SELECT account, approx_distinct(product) AS breadth FROM sales_pipeline GROUP BY account",
    "SELECT approx_percentile(close_value, 0.5) FROM sales_pipeline WHERE deal_stage = 'Won'",
    "SELECT product, approx_percentile(close_value, ARRAY[0.25, 0.5, 0.75]) FROM sales_pipeline"
    " WHERE deal_stage = 'Won' GROUP BY product",
    "SELECT approx_percentile(date_diff('day', engage_date, close_date), 0.9) AS p90 FROM sales_pipeline"
    " WHERE close_date IS NOT NULL",
    "SELECT regr_slope(close_value, pipeline_year) FROM sales_pipeline WHERE deal_stage = 'Won'",
    "SELECT skewness(close_value), kurtosis(close_value) FROM sales_pipeline",
    "SELECT histogram(deal_stage) FROM sales_pipeline",
    "SELECT product, map_agg(deal_stage, n) FROM (SELECT product, deal_stage, count(*) AS n FROM sales_pipeline"
    " GROUP BY product, deal_stage) AS t GROUP BY product",
    "SELECT checksum(opportunity_id) FROM sales_pipeline",
    "SELECT date_trunc('month', engage_date) AS month, count(*) AS n FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT date_trunc('quarter', close_date) AS q, sum(close_value) AS revenue FROM sales_pipeline"
    " WHERE deal_stage = 'Won' GROUP BY date_trunc('quarter', close_date) ORDER BY q",
    "SELECT year(engage_date) AS y, quarter(engage_date) AS q, count(*) FROM sales_pipeline GROUP BY 1, 2"
    " ORDER BY 1, 2",
    "SELECT extract(month FROM engage_date) AS m, count(*) FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT day_of_week(engage_date) AS weekday, count(*) FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT opportunity_id, date_diff('day', engage_date, close_date) AS days FROM sales_pipeline"
    " WHERE close_date IS NOT NULL ORDER BY days DESC, opportunity_id LIMIT 20",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date >= DATE '2025-01-01' AND engage_date <"
    " DATE '2026-01-01'",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date BETWEEN DATE '2025-01-01' AND DATE '2025-03-31'",
    "SELECT opportunity_id, engage_date + INTERVAL '90' DAY AS due FROM sales_pipeline WHERE close_date IS NULL",
    "SELECT opportunity_id, date_add('month', 3, engage_date) AS due FROM sales_pipeline WHERE deal_stage ="
    " 'Engaging'",
    "SELECT count(*) FROM sales_pipeline WHERE engage_date > current_date - INTERVAL '1' YEAR",
    "SELECT count(*) FROM sales_pipeline WHERE engage_date >= date_add('day', -365, current_date)",
    "SELECT date_format(engage_date, '%Y-%m') AS month, count(*) AS n FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT last_day_of_month(engage_date) AS month_end, count(*) FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date = CAST('2025-03-14' AS date)",
    "SELECT opportunity_id FROM sales_pipeline WHERE engage_date > date('2025-03-14') AND pipeline_year = 2025",
    "SELECT week(close_date) AS w, count(*) FROM sales_pipeline WHERE close_date IS NOT NULL GROUP BY 1"
    " ORDER BY 1",
    "SELECT to_unixtime(CAST(engage_date AS timestamp)) AS epoch FROM sales_pipeline",
    "SELECT avg(to_unixtime(CAST(close_date AS timestamp)) - to_unixtime(CAST(engage_date AS timestamp))) /"
    " 86400 AS d"
    " FROM sales_pipeline WHERE close_date IS NOT NULL",
    "SELECT a.sector, count(*) AS n, sum(p.close_value) AS revenue FROM sales_pipeline p JOIN accounts a"
    " ON p.account = a.account WHERE p.deal_stage = 'Won' GROUP BY a.sector ORDER BY revenue DESC, a.sector",
    "SELECT t.regional_office, t.manager, avg(p.close_value) FROM sales_pipeline AS p INNER JOIN"
    " sales_teams AS t"
    " ON t.sales_agent = p.sales_agent GROUP BY t.regional_office, t.manager",
    "SELECT p.opportunity_id, pr.sales_price, p.close_value, 1 - p.close_value / pr.sales_price AS discount"
    " FROM sales_pipeline p JOIN products pr ON pr.product = p.product WHERE p.deal_stage = 'Won'",
    "SELECT a.account FROM accounts a LEFT JOIN sales_pipeline p ON p.account = a.account WHERE p.account IS NULL",
    "SELECT a.account, count(p.opportunity_id) AS deals FROM accounts a LEFT OUTER JOIN sales_pipeline p"
    " ON p.account = a.account AND p.deal_stage = 'Won' GROUP BY a.account ORDER BY deals DESC, a.account",
    "SELECT account, sector, product, close_value FROM sales_pipeline JOIN accounts USING (account)"
    " WHERE deal_stage = 'Won'",
    "SELECT p.account, a.sector, pr.series, t.manager FROM sales_pipeline p"
    " LEFT JOIN accounts a ON a.account = p.account LEFT JOIN products pr ON pr.product = p.product"
    " LEFT JOIN sales_teams t ON t.sales_agent = p.sales_agent WHERE p.pipeline_year >= 2024",
    "SELECT child.account, parent.account AS parent, parent.revenue FROM accounts child JOIN accounts parent"
    " ON child.subsidiary_of = parent.account",
    "SELECT pr.product FROM products pr RIGHT JOIN sales_pipeline p ON p.product = pr.product GROUP BY pr.product",
    "SELECT coalesce(a.account, p.account) AS account FROM accounts a FULL OUTER JOIN"
    " (SELECT DISTINCT account FROM sales_pipeline) p ON a.account = p.account",
    "SELECT x.product AS one, y.product AS other, count(DISTINCT x.account) AS together FROM sales_pipeline x"
    " JOIN sales_pipeline y ON x.account = y.account AND x.product < y.product"
    " WHERE x.deal_stage = 'Won' AND y.deal_stage = 'Won' GROUP BY x.product, y.product ORDER BY together"
    " DESC, 1, 2",
    "SELECT x.account, x.product, y.product AS next FROM sales_pipeline x JOIN sales_pipeline y"
    " ON y.account = x.account AND y.engage_date > x.close_date WHERE x.deal_stage = 'Won' LIMIT 100",
    "SELECT p.opportunity_id, total.revenue FROM sales_pipeline p CROSS JOIN (SELECT sum(close_value) AS revenue"
    " FROM sales_pipeline) total",
    "SELECT p.product, count(*) * 1.0 / max(t.n) AS share FROM sales_pipeline p, (SELECT count(*) AS n"
    " FROM sales_pipeline) t GROUP BY p.product",
    "WITH won AS (SELECT * FROM sales_pipeline WHERE deal_stage = 'Won') SELECT product, sum(close_value)"
    " AS revenue"
    " FROM won GROUP BY product",
    "WITH won AS (SELECT account, sum(close_value) AS revenue FROM sales_pipeline WHERE deal_stage = 'Won'"
    " GROUP BY account), ranked AS (SELECT account, revenue, ntile(4) OVER (ORDER BY revenue, account) AS"
    " part FROM won)"
    " SELECT part, count(*), sum(revenue) FROM ranked GROUP BY part ORDER BY part",
    "WITH monthly AS (SELECT date_trunc('month', close_date) AS m, sum(close_value) AS v FROM sales_pipeline"
    " WHERE deal_stage = 'Won' GROUP BY 1) SELECT m, v, v - lag(v) OVER (ORDER BY m) AS change,"
    " avg(v) OVER (ORDER BY m ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving FROM monthly ORDER BY m",
    "WITH a (customer, value) AS (SELECT account, max(close_value) FROM sales_pipeline GROUP BY account)"
    " SELECT customer FROM a WHERE value > 5000",
    "WITH rates AS (SELECT sector, avg(IF(deal_stage = 'Won', 1.0, 0.0)) AS rate FROM sales_pipeline p JOIN"
    " accounts a"
    " ON a.account = p.account WHERE deal_stage IN ('Won', 'Lost') GROUP BY sector),"
    " best AS (SELECT max(rate) AS rate FROM rates) SELECT r.sector, r.rate FROM rates r JOIN best b ON"
    " r.rate = b.rate",
    "WITH first_buy AS (SELECT account, min(close_date) AS d FROM sales_pipeline WHERE deal_stage = 'Won'"
    " GROUP BY account) SELECT date_trunc('year', d) AS cohort, count(*) FROM first_buy GROUP BY 1 ORDER BY 1",
    "WITH bands AS (SELECT account, CASE WHEN employees < 500 THEN 'small' WHEN employees < 5000 THEN 'middle'"
    " ELSE 'large' END AS size FROM accounts) SELECT b.size, count(*) FROM bands b JOIN sales_pipeline p"
    " ON p.account = b.account GROUP BY b.size ORDER BY b.size",
    "WITH base AS (SELECT avg(CASE deal_stage WHEN 'Won' THEN 1.0 WHEN 'Lost' THEN 0.0 END) AS rate"
    " FROM sales_pipeline) SELECT product, avg(CASE deal_stage WHEN 'Won' THEN 1.0 WHEN 'Lost' THEN 0.0 END)"
    " / (SELECT rate FROM base) AS lift FROM sales_pipeline GROUP BY product",
    "SELECT opportunity_id, account, row_number() OVER (PARTITION BY account ORDER BY engage_date,"
    " opportunity_id) AS nth"
    " FROM sales_pipeline",
    "SELECT * FROM (SELECT account, product, close_value, rank() OVER (PARTITION BY product ORDER BY"
    " close_value DESC)"
    " AS place FROM sales_pipeline WHERE deal_stage = 'Won') AS ranked WHERE place <= 3",
    "SELECT sales_agent, sum(close_value) AS v, dense_rank() OVER (ORDER BY sum(close_value) DESC) AS place"
    " FROM sales_pipeline GROUP BY sales_agent",
    "SELECT opportunity_id, close_value, percent_rank() OVER (ORDER BY close_value) AS pr, cume_dist()"
    " OVER (ORDER BY close_value) AS cd FROM sales_pipeline WHERE close_value > 0",
    "SELECT opportunity_id, sum(close_value) OVER (PARTITION BY account ORDER BY engage_date, opportunity_id"
    " ROWS UNBOUNDED PRECEDING) AS so_far FROM sales_pipeline WHERE close_value IS NOT NULL",
    "SELECT account, engage_date, lag(engage_date) OVER (PARTITION BY account ORDER BY engage_date,"
    " opportunity_id)"
    " AS before, lead(product, 1) OVER (PARTITION BY account ORDER BY engage_date, opportunity_id) AS next"
    " FROM sales_pipeline",
    "SELECT account, first_value(product) OVER w AS first_product, last_value(product) OVER w AS last_product"
    " FROM sales_pipeline WINDOW w AS (PARTITION BY account ORDER BY engage_date, opportunity_id"
    " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
    "SELECT opportunity_id, close_value - avg(close_value) OVER (PARTITION BY product) AS over_mean FROM"
    " sales_pipeline"
    " WHERE deal_stage = 'Won'",
    "SELECT engage_date, count(*) OVER (ORDER BY engage_date RANGE BETWEEN INTERVAL '30' DAY PRECEDING AND"
    " CURRENT ROW)"
    " AS month_before FROM sales_pipeline",
    "SELECT opportunity_id, nth_value(close_value, 2) OVER (PARTITION BY account ORDER BY close_value DESC)"
    " AS second"
    " FROM sales_pipeline",
    "SELECT product, sum(sum(close_value)) OVER (ORDER BY product) AS running FROM sales_pipeline GROUP BY"
    " product"
    " ORDER BY product",
    "SELECT product, deal_stage, count(*) FROM sales_pipeline GROUP BY ROLLUP (product, deal_stage)",
    "SELECT product, sales_agent, count(*) FROM sales_pipeline GROUP BY CUBE (product, sales_agent)",
    "SELECT product, deal_stage, grouping(product, deal_stage) AS g, count(*) FROM sales_pipeline"
    " GROUP BY GROUPING SETS ((product, deal_stage), (product), ())",
    "SELECT pipeline_year, product, sum(close_value) FROM sales_pipeline GROUP BY pipeline_year, ROLLUP (product)",
    "SELECT a.account FROM accounts a WHERE EXISTS (SELECT 1 FROM sales_pipeline p WHERE p.account = a.account"
    " AND p.deal_stage = 'Won')",
    "SELECT a.account FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM sales_pipeline p WHERE p.account ="
    " a.account)",
    "SELECT account FROM accounts WHERE account IN (SELECT account FROM sales_pipeline WHERE close_value > 9000)",
    "SELECT account FROM accounts WHERE account NOT IN (SELECT account FROM sales_pipeline WHERE account IS"
    " NOT NULL)",
    "SELECT opportunity_id FROM sales_pipeline WHERE close_value > (SELECT avg(close_value) FROM sales_pipeline"
    " WHERE deal_stage = 'Won')",
    "SELECT p.opportunity_id, (SELECT a.sector FROM accounts a WHERE a.account = p.account) AS sector"
    " FROM sales_pipeline p",
    "SELECT p.opportunity_id FROM sales_pipeline p WHERE p.close_value > (SELECT avg(q.close_value)"
    " FROM sales_pipeline q WHERE q.product = p.product)",
    "SELECT product FROM products WHERE sales_price >= ALL (SELECT sales_price FROM products)",
    "SELECT product FROM products WHERE sales_price > ANY (SELECT close_value FROM sales_pipeline WHERE"
    " close_value > 0)",
    "SELECT t.product, t.n FROM (SELECT product, count(*) AS n FROM sales_pipeline GROUP BY product) AS t"
    " WHERE t.n > 10",
    "SELECT sector FROM accounts GROUP BY sector HAVING count(*) > (SELECT count(*) FROM accounts) / 20",
    "SELECT account FROM accounts EXCEPT SELECT account FROM sales_pipeline",
    "SELECT account FROM accounts INTERSECT SELECT account FROM sales_pipeline",
    "SELECT 'won' AS kind, count(*) AS n FROM sales_pipeline WHERE deal_stage = 'Won' UNION ALL"
    " SELECT 'lost', count(*) FROM sales_pipeline WHERE deal_stage = 'Lost'",
    "SELECT product AS name FROM products UNION SELECT manager FROM sales_teams ORDER BY name",
    "(SELECT account, close_value FROM sales_pipeline WHERE close_value > 0 ORDER BY close_value DESC,"
    " account LIMIT 3)"
    " UNION ALL (SELECT account, close_value FROM sales_pipeline WHERE close_value > 0 ORDER BY"
    " close_value, account"
    " LIMIT 3)",
    "SELECT upper(trim(account)) AS name, length(account) AS letters FROM accounts",
    "SELECT account FROM accounts WHERE lower(account) LIKE '%corp%' OR account LIKE 'A%'",
    "SELECT account FROM accounts WHERE account LIKE '100!%%' ESCAPE '!'",
    "SELECT substr(opportunity_id, 1, 2) AS prefix, count(*) FROM sales_pipeline GROUP BY 1",
    "SELECT split_part(sales_agent, ' ', 2) AS family_name FROM sales_teams",
    "SELECT concat(sales_agent, ' (', regional_office, ')') AS who FROM sales_teams",
    "SELECT sales_agent || ', ' || manager AS pair FROM sales_teams",
    "SELECT account FROM accounts WHERE regexp_like(account, '^[A-M]')",
    "SELECT regexp_replace(opportunity_id, '[^0-9]', '') AS digits FROM sales_pipeline LIMIT 10",
    "SELECT regexp_extract(opportunity_id, '([0-9]+)', 1) AS digits FROM sales_pipeline",
    "SELECT try_cast(substr(opportunity_id, 3) AS bigint) AS n FROM sales_pipeline",
    "SELECT CAST(close_value AS decimal(12, 2)) AS value, CAST(pipeline_year AS varchar) AS y FROM sales_pipeline",
    "SELECT coalesce(nullif(subsidiary_of, ''), 'independent') AS parent, count(*) FROM accounts GROUP BY 1",
    "SELECT try(close_value / (close_value - close_value)) AS nothing FROM sales_pipeline",
    "SELECT CASE WHEN close_value >= 5000 THEN 'high' WHEN close_value > 0 THEN 'low' ELSE 'none' END AS"
    " band, count(*)"
    " FROM sales_pipeline GROUP BY 1",
    "SELECT greatest(close_value, 100), least(close_value, 9000) FROM sales_pipeline",
    "SELECT floor(close_value / 1000) * 1000 AS bucket, count(*) FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT width_bucket(close_value, 0, 10000, 10) AS bucket, count(*) FROM sales_pipeline GROUP BY 1",
    "SELECT account FROM sales_pipeline WHERE close_value IS NOT NULL AND NOT (deal_stage = 'Lost')",
    "SELECT account FROM accounts WHERE (sector, office_location) IN (('retail', 'Kenya'), ('medical', 'Kenya'))",
    "SELECT account FROM accounts WHERE subsidiary_of IS DISTINCT FROM account",
    "SELECT abs(close_value), sqrt(close_value), ln(close_value + 1), power(close_value, 2),"
    " mod(pipeline_year, 4)"
    " FROM sales_pipeline WHERE close_value >= 0",
    "SELECT DISTINCT sector, office_location FROM accounts ORDER BY sector, office_location",
    "SELECT strpos(account, ' ') AS at, reverse(account), replace(account, ' ', '_') FROM accounts",
    "SELECT opportunity_id FROM sales_pipeline ORDER BY close_value DESC NULLS LAST, opportunity_id OFFSET"
    " 10 LIMIT 5",
    "SELECT opportunity_id FROM sales_pipeline ORDER BY opportunity_id FETCH FIRST 5 ROWS ONLY",
    "SELECT account FROM accounts LIMIT ALL",
    "SELECT 1 AS one, account FROM accounts WHERE true",
    "SELECT round(100.0 * count(*) FILTER (WHERE close_date IS NULL) / count(*), 1) AS open_percent FROM"
    " sales_pipeline",
    "SELECT levenshtein_distance(a.account, 'Example Corp') AS far, a.account FROM accounts a ORDER BY far,"
    " a.account",
    "SELECT format('%s: %d', product, count(*)) FROM sales_pipeline GROUP BY product",
    "SELECT a.* FROM accounts a WHERE a.employees > 1000",
    "SELECT sales_pipeline.account FROM sales_pipeline WHERE sales_pipeline.pipeline_year = 2025",
    'SELECT "account", "sector" AS "Sector of the customer" FROM "accounts"',
    "SELECT Account, SECTOR FROM Accounts",
    "SELECT typeof(close_value) FROM sales_pipeline LIMIT 1",
    "SELECT account, array_join(array_sort(array_agg(DISTINCT product)), ', ') AS bought FROM sales_pipeline"
    " WHERE deal_stage = 'Won' GROUP BY account",
    "SELECT account, cardinality(array_agg(DISTINCT product)) AS n FROM sales_pipeline GROUP BY account",
    "SELECT account FROM sales_pipeline GROUP BY account HAVING contains(array_agg(product), 'Cloud Starter')",
    "SELECT account, array_agg(product ORDER BY engage_date, opportunity_id)[1] AS first_product FROM"
    " sales_pipeline"
    " GROUP BY account",
    "SELECT account, element_at(array_agg(product ORDER BY engage_date, opportunity_id), -1) AS last_product"
    " FROM sales_pipeline GROUP BY account",
    "SELECT account, listagg(product, ', ') WITHIN GROUP (ORDER BY product) AS bought FROM sales_pipeline"
    " WHERE deal_stage = 'Won' GROUP BY account",
    "SELECT w.word, count(*) FROM accounts CROSS JOIN UNNEST(split(account, ' ')) AS w(word) GROUP BY w.word",
    "SELECT s.label, count(*) FROM sales_pipeline CROSS JOIN UNNEST(ARRAY['a', 'b']) AS s(label) GROUP BY s.label",
    "SELECT account, filter(array_agg(close_value), v -> v > 1000) AS large FROM sales_pipeline GROUP BY account",
    "SELECT account, transform(array_agg(product), p -> upper(p)) FROM sales_pipeline GROUP BY account",
    "SELECT account, reduce(array_agg(close_value), 0.0, (s, v) -> s + v, s -> s) AS total FROM sales_pipeline"
    " WHERE close_value > 0 GROUP BY account",
    "SELECT account, any_match(array_agg(close_value), v -> v > 5000) AS large FROM sales_pipeline GROUP BY"
    " account",
    "SELECT v.label, count(p.opportunity_id) FROM (VALUES ('low', 0, 1000), ('high', 1000, 100000))"
    " AS v(label, low, high) JOIN sales_pipeline p ON p.close_value >= v.low AND p.close_value < v.high"
    " GROUP BY v.label",
    "SELECT m, count(p.opportunity_id) AS n FROM UNNEST(sequence(1, 12)) AS t(m) LEFT JOIN sales_pipeline p"
    " ON month(p.engage_date) = m GROUP BY m ORDER BY m",
    "SELECT p.product, p.sales_agent, p.engage_date, p.close_date, p.close_value, p.deal_stage, a.sector,"
    " a.employees,"
    " a.revenue, a.office_location, t.regional_office, t.manager, pr.series, pr.sales_price FROM"
    " sales_pipeline p"
    " LEFT JOIN accounts a ON a.account = p.account LEFT JOIN sales_teams t ON t.sales_agent = p.sales_agent"
    " LEFT JOIN products pr ON pr.product = p.product WHERE p.deal_stage IN ('Won', 'Lost') ORDER BY"
    " p.engage_date DESC,"
    " p.opportunity_id LIMIT 5000",
    "WITH buyers AS (SELECT account, product, min(close_date) AS d FROM sales_pipeline WHERE deal_stage = 'Won'"
    " GROUP BY account, product), n AS (SELECT count(DISTINCT account) AS accounts FROM buyers),"
    " pairs AS (SELECT x.product AS one, y.product AS other, count(*) AS both FROM buyers x JOIN buyers y"
    " ON y.account = x.account AND y.product <> x.product GROUP BY x.product, y.product),"
    " alone AS (SELECT product, count(*) AS accounts FROM buyers GROUP BY product)"
    " SELECT p.one, p.other, p.both, p.both * 1.0 * n.accounts / (a.accounts * b.accounts) AS lift FROM pairs p"
    " JOIN alone a ON a.product = p.one JOIN alone b ON b.product = p.other CROSS JOIN n ORDER BY lift"
    " DESC, 1, 2 LIMIT 20",
    "SELECT sector, product, win_rate FROM (SELECT a.sector, p.product, avg(CASE WHEN p.deal_stage = 'Won'"
    " THEN 1.0"
    " ELSE 0 END) AS win_rate, row_number() OVER (PARTITION BY a.sector ORDER BY avg(CASE WHEN p.deal_stage"
    " = 'Won'"
    " THEN 1.0 ELSE 0 END) DESC, p.product) AS place FROM sales_pipeline p JOIN accounts a ON a.account ="
    " p.account"
    " WHERE p.deal_stage IN ('Won', 'Lost') GROUP BY a.sector, p.product) AS ranked WHERE place = 1",
    "WITH steps AS (SELECT account, engage_date, lag(engage_date) OVER (PARTITION BY account ORDER BY"
    " engage_date) AS b"
    " FROM sales_pipeline) SELECT account, avg(date_diff('day', b, engage_date)) AS days_between FROM steps"
    " WHERE b IS NOT NULL GROUP BY account HAVING count(*) >= 3",
]

THIRD_WITH_PARAMETERS = [
    "SELECT opportunity_id FROM sales_pipeline WHERE account = :account_name",
    "SELECT opportunity_id, account = :account_name AS same FROM sales_pipeline WHERE product IN (SELECT product"
    " FROM sales_pipeline WHERE account = :account_name)",
    "SELECT a.sector, count(*) FROM accounts a WHERE a.sector = (SELECT b.sector FROM accounts b"
    " WHERE b.account = :account_name) GROUP BY a.sector",
    "SELECT account FROM accounts WHERE lower(account) = lower(:account_name)",
]
