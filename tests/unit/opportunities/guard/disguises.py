"""Queries that would tell the win model how opportunities ended, and queries that only look as if they did.

Each of `DISGUISES` returns a ``revenue`` that is not, or not in every row, the customer's revenue: it is made of
the outcome, or the outcome decides where it is shown. Each of `PLAIN_FORMS` returns the customer's revenue.
"""

from __future__ import annotations

_P = "p.opportunity_id, p.deal_stage"
_JOINED = "sales_pipeline p LEFT JOIN accounts a ON a.account = p.account"

DISGUISES = [
    # another name
    "SELECT opportunity_id, close_value AS revenue FROM sales_pipeline",
    'SELECT opportunity_id, close_value AS "Revenue" FROM sales_pipeline',
    "SELECT opportunity_id, close_value revenue FROM sales_pipeline",
    "SELECT opportunity_id, sales_pipeline.close_value AS revenue FROM sales_pipeline",
    "SELECT opportunity_id, sales.sales_pipeline.close_value AS revenue FROM sales_pipeline",
    "SELECT p.opportunity_id, p.revenue FROM sales_pipeline AS p (opportunity_id, b, c, d, e, f, g, revenue, i)",
    # through other queries
    "SELECT revenue FROM (SELECT close_value AS revenue FROM sales_pipeline) AS t",
    "SELECT t.revenue FROM (SELECT close_value FROM sales_pipeline) AS t (revenue)",
    "SELECT * FROM (SELECT close_value AS revenue FROM sales_pipeline) AS t",
    "WITH c AS (SELECT close_value AS revenue FROM sales_pipeline) SELECT revenue FROM c",
    "WITH c (revenue) AS (SELECT close_value FROM sales_pipeline) SELECT * FROM c",
    "WITH c AS (SELECT * FROM sales_pipeline), d AS (SELECT close_value AS x FROM c), e (revenue) AS "
    "(SELECT x FROM d) SELECT e.* FROM e",
    "WITH c AS (SELECT * FROM sales_pipeline) SELECT c.revenue FROM c AS c (o, b, p, d, s, e, f, revenue, y)",
    "WITH c AS (WITH d AS (SELECT close_value AS revenue FROM sales_pipeline) SELECT * FROM d) SELECT * FROM c",
    "((SELECT close_value AS revenue FROM sales_pipeline))",
    f"SELECT {_P}, v.revenue FROM sales_pipeline p CROSS JOIN LATERAL (SELECT p.close_value AS revenue) AS v",
    f"SELECT {_P}, v.revenue FROM sales_pipeline p CROSS JOIN UNNEST(ARRAY[p.close_value]) AS v (revenue)",
    # one branch of several
    "SELECT revenue FROM accounts UNION ALL SELECT close_value FROM sales_pipeline",
    "SELECT close_value AS revenue FROM sales_pipeline UNION ALL SELECT revenue FROM accounts",
    "SELECT * FROM (SELECT revenue FROM accounts UNION SELECT close_value FROM sales_pipeline) AS t",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.deal_stage = 'Won' UNION ALL "
    f"SELECT {_P}, a.revenue FROM sales_pipeline p LEFT JOIN accounts a ON a.account = p.product "
    "WHERE p.deal_stage = 'Lost'",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.deal_stage = 'Won' UNION ALL "
    f"SELECT {_P}, NULL FROM sales_pipeline p WHERE p.deal_stage = 'Lost'",
    "SELECT revenue FROM accounts EXCEPT SELECT close_value FROM sales_pipeline",
    "SELECT revenue FROM accounts INTERSECT SELECT close_value FROM sales_pipeline",
    # computed
    f"SELECT {_P}, coalesce(a.revenue, p.close_value) AS revenue FROM {_JOINED}",
    f"SELECT {_P}, CASE WHEN p.deal_stage = 'Won' THEN a.revenue END AS revenue FROM {_JOINED}",
    f"SELECT {_P}, if(p.close_value > 0, a.revenue, 0) AS revenue FROM {_JOINED}",
    f"SELECT {_P}, a.revenue + p.close_value AS revenue FROM {_JOINED}",
    f"SELECT {_P}, (SELECT max(revenue) FROM accounts WHERE p.deal_stage = 'Won') AS revenue "
    "FROM sales_pipeline p",
    "SELECT opportunity_id, max(close_value) AS revenue FROM sales_pipeline GROUP BY opportunity_id",
    "SELECT opportunity_id, lag(close_value, 0) OVER (ORDER BY close_date) AS revenue FROM sales_pipeline",
    f"SELECT {_P}, element_at(ARRAY[a.revenue, p.close_value], 2) AS revenue FROM {_JOINED}",
    f"SELECT {_P}, CAST(a.revenue AS double) AS revenue FROM {_JOINED}",
    "SELECT count(*) AS revenue FROM sales_pipeline",
    # the outcome decides where the revenue is shown
    f"SELECT {_P}, a.revenue FROM {_JOINED} AND p.deal_stage = 'Won'",
    f"SELECT {_P}, a.revenue FROM {_JOINED} AND p.close_value > 0",
    f"SELECT {_P}, a.revenue FROM {_JOINED} AND a.revenue < p.close_value",
    f"SELECT {_P}, a.revenue FROM accounts a RIGHT JOIN sales_pipeline p ON a.account = p.account "
    "AND p.deal_stage = 'Won'",
    f"SELECT {_P}, a.revenue FROM accounts a FULL JOIN sales_pipeline p ON a.account = p.account "
    "AND p.deal_stage = 'Won'",
    f"SELECT {_P}, a.revenue FROM {_JOINED} AND EXISTS (SELECT 1 FROM products q WHERE p.deal_stage = 'Won')",
    f"SELECT {_P}, a.revenue FROM sales_pipeline p, accounts a "
    "WHERE (p.deal_stage = 'Won' AND a.account = p.account) OR (p.deal_stage = 'Lost' AND a.account = p.product)",
    f"SELECT {_P}, a.revenue FROM sales_pipeline p JOIN accounts a ON a.account = "
    "CASE p.deal_stage WHEN 'Won' THEN p.account ELSE 'Example Corp' END",
    f"SELECT {_P}, a.revenue FROM sales_pipeline p JOIN (SELECT 'Won' AS ended, revenue FROM accounts "
    "WHERE account = 'Big' UNION ALL SELECT 'Lost', revenue FROM accounts WHERE account = 'Small') a "
    "ON a.ended = p.deal_stage",
    f"SELECT {_P}, a.revenue FROM sales_pipeline p JOIN (SELECT 'Won' AS deal_stage, revenue FROM accounts "
    "WHERE account = 'Big') a USING (deal_stage)",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.deal_stage = 'Won' OR a.revenue > 1000",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE NOT (p.deal_stage = 'Lost' AND p.product = 'Cloud Starter')",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.close_value > 10 * a.revenue",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.account IN "
    "(SELECT account FROM sales_pipeline WHERE deal_stage = 'Won')",
    f"SELECT {_P}, a.revenue FROM {_JOINED} ORDER BY p.deal_stage, a.revenue LIMIT 500",
    f"SELECT {_P}, a.revenue FROM {_JOINED} ORDER BY p.close_value * a.revenue",
    f"WITH w AS (SELECT DISTINCT account FROM sales_pipeline WHERE deal_stage = 'Won') SELECT {_P}, a.revenue "
    "FROM sales_pipeline p LEFT JOIN w ON w.account = p.account LEFT JOIN accounts a ON a.account = w.account",
    f"WITH good AS (SELECT * FROM accounts WHERE account IN (SELECT account FROM sales_pipeline WHERE "
    f"deal_stage = 'Won')) SELECT {_P}, a.revenue FROM sales_pipeline p LEFT JOIN good a ON a.account = p.account",
    f"WITH good AS (SELECT account FROM accounts WHERE account IN (SELECT account FROM sales_pipeline WHERE "
    f"deal_stage = 'Won')) SELECT {_P}, a.revenue FROM {_JOINED} JOIN good ON good.account = p.account",
    f"SELECT {_P}, a.revenue FROM sales_pipeline p JOIN sales_pipeline x ON x.account = p.account "
    "LEFT JOIN accounts a ON a.account = x.account",
    f"SELECT {_P}, a.revenue FROM sales_pipeline p LEFT JOIN LATERAL "
    "(SELECT revenue FROM accounts b WHERE b.account = p.account AND p.deal_stage = 'Won') a ON true",
    f"SELECT {_P}, a.revenue FROM sales_pipeline p CROSS JOIN LATERAL (SELECT revenue FROM accounts "
    "WHERE account = 'Big' AND p.deal_stage = 'Won' UNION ALL SELECT revenue FROM accounts "
    "WHERE account = 'Small' AND p.deal_stage = 'Lost') a",
    f"SELECT {_P}, a.revenue FROM {_JOINED} CROSS JOIN UNNEST(CASE WHEN p.deal_stage = 'Won' OR a.revenue > 1 "
    "THEN ARRAY[1] ELSE ARRAY[0] END) AS u (n)",
    f"SELECT {_P}, a.revenue FROM {_JOINED} GROUP BY {_P}, a.revenue HAVING max(p.close_value) > a.revenue",
    f"SELECT x.* FROM (SELECT {_P}, a.revenue, p.close_value * a.revenue AS score FROM {_JOINED}) x "
    "WHERE score > 9",
    f"SELECT * FROM (SELECT {_P}, a.revenue FROM {_JOINED}) x ORDER BY deal_stage, revenue",
    f"(SELECT {_P}, a.revenue FROM {_JOINED}) ORDER BY deal_stage, revenue LIMIT 100",
]

PLAIN_FORMS = [
    "SELECT revenue FROM accounts",
    "SELECT * FROM accounts",
    "SELECT a.* FROM accounts AS a",
    f"SELECT {_P}, a.revenue FROM {_JOINED}",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.deal_stage IN ('Won', 'Lost')",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE (p.deal_stage = 'Won' OR p.deal_stage = 'Lost')",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.deal_stage IN ('Won', 'Lost') AND a.sector = 'retail'",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.close_date IS NOT NULL AND p.engage_date IS NOT NULL",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.close_date >= DATE '2024-01-01' ORDER BY p.engage_date DESC",
    f"SELECT {_P}, a.revenue FROM {_JOINED} ORDER BY p.close_date DESC, p.opportunity_id DESC",
    f"SELECT {_P}, a.revenue FROM {_JOINED} ORDER BY p.engage_date DESC, p.close_date DESC LIMIT 5000",
    f"SELECT {_P}, a.revenue FROM {_JOINED} JOIN products q ON q.product = p.product AND q.series = 'Cloud'",
    "SELECT opportunity_id, deal_stage, revenue FROM sales_pipeline JOIN accounts USING (account)",
    "SELECT opportunity_id, deal_stage, revenue FROM sales_pipeline LEFT JOIN accounts USING (account) "
    "LEFT JOIN products USING (product) WHERE deal_stage IN ('Won', 'Lost')",
    "SELECT * FROM sales_pipeline LEFT JOIN accounts USING (account)",
    "WITH closed AS (SELECT * FROM sales_pipeline WHERE deal_stage IN ('Won', 'Lost')) "
    "SELECT c.opportunity_id, c.deal_stage, a.revenue FROM closed c LEFT JOIN accounts a ON a.account = c.account",
    "WITH closed AS (SELECT opportunity_id, account, deal_stage, close_date FROM sales_pipeline "
    "WHERE deal_stage <> 'Engaging'), customers AS (SELECT account, revenue FROM accounts) SELECT c.*, revenue "
    "FROM closed c JOIN customers k ON k.account = c.account WHERE c.close_date > DATE '2023-01-01'",
    f"SELECT * FROM (SELECT {_P}, a.revenue FROM {_JOINED}) t WHERE deal_stage IN ('Won', 'Lost')",
    f"SELECT t.revenue, t.deal_stage FROM (SELECT {_P}, a.revenue, row_number() OVER "
    f"(PARTITION BY p.opportunity_id ORDER BY p.engage_date DESC) AS place FROM {_JOINED}) t "
    "WHERE place = 1 AND deal_stage = 'Won'",
    f"SELECT {_P}, a.revenue FROM {_JOINED} GROUP BY {_P}, a.revenue",
    f"SELECT DISTINCT {_P}, a.revenue FROM {_JOINED}",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.pipeline_year = 2025 UNION ALL "
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE p.pipeline_year = 2026",
    f"SELECT {_P}, a.revenue FROM sales_pipeline p LEFT JOIN LATERAL (SELECT revenue FROM accounts b "
    "WHERE b.account = p.account) a ON true",
    f"SELECT {_P}, a.revenue, date_diff('day', p.engage_date, p.close_date) AS days FROM {_JOINED}",
    f"SELECT {_P}, a.revenue, parent.revenue AS parent_revenue FROM {_JOINED} "
    "LEFT JOIN accounts parent ON parent.account = a.subsidiary_of",
    f"SELECT {_P}, a.revenue FROM {_JOINED} WHERE lower(a.account) = lower(:customer) AND p.deal_stage = 'Won'",
    f"(SELECT {_P}, a.revenue FROM {_JOINED}) ORDER BY opportunity_id LIMIT 100",
    "SELECT p.deal_stage, (p.opportunity_id), (a.revenue) AS revenue FROM sales_pipeline p "
    "JOIN accounts a ON (a.account = p.account)",
]
