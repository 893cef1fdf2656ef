"""Questions of a sales team, as an analyst or a text model would write them.

They are a second author's; the guard's first author had not seen them.
"""

from __future__ import annotations

_JOINED = (
    "sales_pipeline sp LEFT JOIN accounts ac ON sp.account = ac.account LEFT JOIN products pr ON sp.product = "
    "pr.product LEFT JOIN sales_teams st ON sp.sales_agent = st.sales_agent"
)

FRESH_QUERIES = [
    "SELECT * FROM (TABLE accounts) t ORDER BY account",
    "select deal_stage, count(*) n from sales_pipeline group by 1 order by n desc, 1",
    "SELECT COUNT(DISTINCT account) AS customers FROM sales_pipeline WHERE deal_stage = 'Won'",
    "SELECT sales_agent, SUM(close_value) AS total FROM sales_pipeline WHERE deal_stage = 'Won' GROUP BY "
    "sales_agent "
    "ORDER BY total DESC, sales_agent LIMIT 10",
    "SELECT product, AVG(CASE WHEN deal_stage = 'Won' THEN 1.0 ELSE 0.0 END) AS win_rate FROM sales_pipeline "
    "WHERE deal_stage IN ('Won', 'Lost') GROUP BY product HAVING COUNT(*) > 5 ORDER BY win_rate DESC, product",
    "SELECT date_trunc('month', close_date) AS month, sum(close_value) AS revenue FROM sales_pipeline "
    "WHERE close_date IS NOT NULL GROUP BY date_trunc('month', close_date) ORDER BY 1",
    "SELECT year(engage_date) AS y, quarter(engage_date) AS q, count(*) AS n FROM sales_pipeline "
    "GROUP BY year(engage_date), quarter(engage_date) ORDER BY y, q",
    f"SELECT ac.sector, st.regional_office, COUNT(*) AS n FROM {_JOINED} WHERE sp.deal_stage = 'Lost' "
    "GROUP BY ac.sector, st.regional_office ORDER BY n DESC, 1, 2",
    "SELECT account, revenue, RANK() OVER (ORDER BY revenue DESC) AS place FROM accounts ORDER BY place, account",
    "SELECT account, sector, revenue - avg(revenue) OVER (PARTITION BY sector) AS above FROM accounts "
    "ORDER BY account",
    "WITH won AS (SELECT * FROM sales_pipeline WHERE deal_stage = 'Won'), per AS (SELECT account, "
    "sum(close_value) "
    "AS v FROM won GROUP BY account) SELECT a.account, coalesce(p.v, 0) AS v FROM accounts a LEFT JOIN per p "
    "ON p.account = a.account ORDER BY v DESC, a.account",
    "SELECT sales_agent, min(close_date) AS first, max(close_date) AS last FROM sales_pipeline "
    "GROUP BY sales_agent ORDER BY 1",
    "SELECT account FROM accounts EXCEPT SELECT account FROM sales_pipeline ORDER BY account",
    "SELECT a.account FROM accounts a WHERE EXISTS (SELECT 1 FROM sales_pipeline p WHERE p.account = a.account "
    "AND "
    "p.close_value > 5000) ORDER BY a.account",
    "SELECT product, sales_price, NTILE(4) OVER (ORDER BY sales_price, product) AS quarter FROM products ORDER "
    "BY 1",
    "SELECT sector, approx_percentile(revenue, 0.5) IS NOT NULL AS known FROM accounts GROUP BY sector ORDER BY "
    "sector",
    "SELECT account, CASE WHEN employees < 100 THEN 'small' WHEN employees < 1000 THEN 'medium' ELSE 'large' END "
    "AS size FROM accounts ORDER BY account",
    "SELECT size, count(*) AS n FROM (SELECT CASE WHEN employees < 500 THEN 's' ELSE 'l' END AS size FROM "
    "accounts) x "
    "GROUP BY size ORDER BY size",
    "SELECT deal_stage, engage_date FROM sales_pipeline WHERE engage_date BETWEEN DATE '2025-01-01' AND "
    "DATE '2025-03-31' ORDER BY engage_date, opportunity_id",
    "SELECT count(*) FILTER (WHERE deal_stage = 'Won') AS won, count(*) FILTER (WHERE deal_stage = 'Lost') AS "
    "lost "
    "FROM sales_pipeline",
    "SELECT sum(close_value) / nullif(count(*), 0) AS per_deal FROM sales_pipeline WHERE deal_stage = 'Won'",
    "SELECT upper(substr(account, 1, 1)) AS letter, count(*) AS n FROM accounts GROUP BY 1 ORDER BY 1",
    "SELECT concat(account, ' (', sector, ')') AS label FROM accounts ORDER BY label",
    "SELECT account || ' / ' || office_location AS label FROM accounts ORDER BY 1",
    "SELECT st.manager, sum(sp.close_value) AS v, round(avg(sp.close_value), 2) AS m FROM sales_teams st JOIN "
    "sales_pipeline sp USING (sales_agent) WHERE sp.deal_stage = 'Won' GROUP BY st.manager ORDER BY v DESC",
    "SELECT manager, regional_office FROM sales_teams GROUP BY manager, regional_office ORDER BY 1, 2",
    "SELECT p1.account, count(*) AS pairs FROM sales_pipeline p1 JOIN sales_pipeline p2 ON p1.account = "
    "p2.account "
    "AND p1.opportunity_id < p2.opportunity_id WHERE p1.deal_stage = 'Won' AND p2.deal_stage = 'Won' "
    "GROUP BY p1.account ORDER BY pairs DESC, p1.account",
    "SELECT sector, product, count(*) AS n FROM sales_pipeline JOIN accounts USING (account) GROUP BY "
    "GROUPING SETS ((sector), (product), ()) ORDER BY sector, product",
    "SELECT sector, office_location, sum(revenue) AS r FROM accounts GROUP BY ROLLUP (sector, office_location) "
    "ORDER BY sector, office_location",
    "SELECT month, won, sum(won) OVER (ORDER BY month) AS running FROM (SELECT date_trunc('month', close_date) "
    "AS month, "
    "count(*) AS won FROM sales_pipeline WHERE deal_stage = 'Won' GROUP BY 1) m ORDER BY month",
    "SELECT sales_agent, close_value, lag(close_value) OVER (PARTITION BY sales_agent ORDER BY close_date, "
    "opportunity_id) AS previous FROM sales_pipeline WHERE deal_stage = 'Won' ORDER BY opportunity_id",
    "SELECT t.account, t.close_value FROM (SELECT account, close_value, row_number() OVER (PARTITION BY account "
    "ORDER BY close_value DESC, opportunity_id) AS r FROM sales_pipeline) t WHERE t.r <= 3 ORDER BY 1, 2 DESC",
    "SELECT count(*) FROM sales_pipeline WHERE account IS NULL OR account = ''",
    "SELECT lower(trim(sector)) AS s, count(*) AS n FROM accounts GROUP BY lower(trim(sector)) ORDER BY s",
    "SELECT product, sales_price FROM products WHERE sales_price >= ALL (SELECT sales_price FROM products) "
    "ORDER BY product",
    "SELECT product, sales_price FROM products WHERE sales_price = (SELECT max(sales_price) FROM products) "
    "ORDER BY product",
    "SELECT DISTINCT series FROM products ORDER BY series",
    "SELECT account, year_established, 2026 - year_established AS age FROM accounts WHERE year_established < 2000 "
    "ORDER BY age DESC, account",
    "SELECT a.account, b.account AS parent FROM accounts a JOIN accounts b ON a.subsidiary_of = b.account ORDER "
    "BY 1",
    "SELECT corr(employees, revenue) IS NOT NULL AS known FROM accounts",
    "SELECT sector, max_by(account, revenue) AS biggest FROM accounts GROUP BY sector ORDER BY sector",
    "SELECT sector, cardinality(array_agg(account)) AS n FROM accounts GROUP BY sector ORDER BY sector",
    "SELECT sector, array_join(array_agg(account ORDER BY account), ', ') AS who FROM accounts GROUP BY sector "
    "ORDER BY sector",
    "SELECT opportunity_id FROM sales_pipeline WHERE close_value > (SELECT avg(close_value) FROM sales_pipeline "
    "WHERE deal_stage = 'Won') ORDER BY opportunity_id",
    "SELECT product, sum(if(deal_stage = 'Won', close_value, 0)) AS v FROM sales_pipeline GROUP BY product "
    "ORDER BY 1",
    "SELECT 'won' AS what, count(*) AS n FROM sales_pipeline WHERE deal_stage = 'Won' UNION ALL SELECT 'lost', "
    "count(*) "
    "FROM sales_pipeline WHERE deal_stage = 'Lost' ORDER BY what",
    "SELECT sp.opportunity_id, pr.sales_price - sp.close_value AS discount FROM sales_pipeline sp JOIN products "
    "pr ON "
    "pr.product = sp.product WHERE sp.deal_stage = 'Won' ORDER BY discount DESC, 1 LIMIT 20",
    "SELECT day_of_week(engage_date) AS d, count(*) AS n FROM sales_pipeline GROUP BY 1 ORDER BY 1",
    "SELECT extract(month FROM close_date) AS m, count(*) AS n FROM sales_pipeline WHERE close_date IS NOT NULL "
    "GROUP BY 1 ORDER BY 1",
    "SELECT date_add('day', 30, engage_date) AS due FROM sales_pipeline ORDER BY due, opportunity_id LIMIT 5",
    "SELECT account FROM accounts WHERE lower(account) LIKE '%group%' ESCAPE '!' ORDER BY account",
    "SELECT account FROM accounts WHERE regexp_like(account, '(Corp|Group|Inc)$') ORDER BY account",
    "SELECT greatest(employees, 100) AS e, least(revenue, 50.0) AS r FROM accounts ORDER BY account",
    "SELECT CAST(revenue AS integer) AS whole, TRY_CAST(account AS integer) AS none FROM accounts ORDER BY "
    "account",
    "SELECT stddev(close_value) IS NOT NULL AS s, variance(close_value) > 0 AS v FROM sales_pipeline",
    "WITH m AS (SELECT sales_agent, count(*) AS n FROM sales_pipeline GROUP BY sales_agent), t AS (SELECT "
    "avg(n) AS a "
    "FROM m) SELECT m.sales_agent, m.n FROM m CROSS JOIN t WHERE m.n > t.a ORDER BY m.n DESC, 1",
    "SELECT x.regional_office, x.n FROM (SELECT regional_office, count(*) AS n FROM sales_teams GROUP BY "
    "regional_office) "
    "AS x ORDER BY x.n DESC, x.regional_office FETCH FIRST 2 ROWS ONLY",
    "SELECT product FROM products ORDER BY sales_price DESC, product OFFSET 2 LIMIT 3",
    "SELECT w AS word, count(*) AS n FROM accounts CROSS JOIN UNNEST(split(account, ' ')) AS t (w) GROUP BY w "
    "ORDER BY n DESC, w",
    "SELECT st.sales_agent, best.product FROM sales_teams st LEFT JOIN (SELECT sales_agent, max(product) AS "
    "product FROM "
    "sales_pipeline GROUP BY sales_agent) best ON best.sales_agent = st.sales_agent ORDER BY 1",
    "SELECT account, revenue FROM accounts ORDER BY revenue DESC NULLS LAST, account ASC LIMIT 7",
    'SELECT account AS "Customer", revenue AS "Revenue (M)" FROM accounts ORDER BY 2 DESC, 1 LIMIT 3',
    "SELECT first_value(account) OVER w AS top, account FROM accounts WINDOW w AS (PARTITION BY sector ORDER BY "
    "revenue "
    "DESC, account) ORDER BY account",
    "SELECT sum(close_value) OVER (ORDER BY close_date, opportunity_id ROWS BETWEEN 6 PRECEDING AND CURRENT "
    "ROW) AS s "
    "FROM sales_pipeline WHERE deal_stage = 'Won' ORDER BY opportunity_id",
    "SELECT coalesce(subsidiary_of, 'none') AS parent, count(*) AS n FROM accounts GROUP BY "
    "coalesce(subsidiary_of, 'none') "
    "ORDER BY n DESC, parent",
    "SELECT bool_or(deal_stage = 'Won') AS any_won, account FROM sales_pipeline GROUP BY account ORDER BY account",
    "SELECT pipeline_year, count(*) AS n FROM sales_pipeline WHERE pipeline_year >= 2024 GROUP BY pipeline_year "
    "ORDER BY 1",
    "SELECT transform(split(account, ' '), x -> length(x)) AS lengths FROM accounts ORDER BY account LIMIT 4",
    "SELECT sector, deal_stage, count(*) * 100.0 / sum(count(*)) OVER (PARTITION BY sector) AS share FROM "
    "sales_pipeline JOIN accounts USING (account) GROUP BY sector, deal_stage ORDER BY 1, 2",
    "SELECT a.sector, p.n FROM (SELECT DISTINCT sector FROM accounts) a JOIN LATERAL (SELECT count(*) AS n FROM "
    "accounts b "
    "WHERE b.sector = a.sector) p ON true ORDER BY 1",
    "SELECT * FROM accounts INTERSECT SELECT * FROM accounts WHERE employees > 10",
    "((SELECT account FROM accounts WHERE sector = 'retail'))",
]
