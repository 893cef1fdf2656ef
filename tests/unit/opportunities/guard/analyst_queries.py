"""Queries an analyst who knows Athena's functions would write, and complain of if they were refused."""

from __future__ import annotations

_OF_PIPELINE = """
date_format(engage_date, '%Y-%m') | date_format(close_date, '%d.%m.%Y') | date_trunc('quarter', engage_date)
date_diff('day', engage_date, close_date) | date_add('month', 3, engage_date) | year(engage_date)
month(engage_date)
week(engage_date) | day_of_week(engage_date) | day_of_year(engage_date) | quarter(engage_date) | day(engage_date)
dow(engage_date) | week_of_year(engage_date) | year_of_week(engage_date) | last_day_of_month(engage_date)
extract(year FROM engage_date) | extract(dow FROM engage_date) | extract(week FROM engage_date)
engage_date + INTERVAL '30' DAY | engage_date - INTERVAL '1' MONTH | engage_date + INTERVAL '2' YEAR
date '2025-01-31' | timestamp '2025-01-31 10:00:00' | CAST(engage_date AS timestamp)
CAST(engage_date AS varchar)
date_parse('2025-03-01', '%Y-%m-%d') | date(date_parse('01/03/2025', '%d/%m/%Y'))
from_iso8601_date('2025-03-01')
to_unixtime(CAST(engage_date AS timestamp)) | from_unixtime(1700000000) | to_iso8601(engage_date)
TIMESTAMP '2025-01-31 10:00:00' AT TIME ZONE 'America/Bogota' | current_date | current_timestamp | now()
close_value / nullif(close_value, 0) | coalesce(close_value, 0.0) | greatest(close_value, 100.0)
least(close_value, 1e3)
if(deal_stage = 'Won', 1, 0) | CASE deal_stage WHEN 'Won' THEN 1 ELSE 0 END | try(1 / 0) | typeof(close_value)
TRY_CAST(account AS integer) | CAST(close_value AS decimal(12, 2)) | CAST(close_value AS bigint)
round(close_value, -2)
truncate(close_value) | ceiling(close_value / 10) | floor(close_value) | mod(pipeline_year, 4)
pipeline_year % 2
power(2, 10) | sqrt(abs(close_value)) | ln(close_value + 1) | log10(close_value + 1) | log(2, 8)
sign(close_value)
width_bucket(close_value, 0, 10000, 10) | width_bucket(close_value, ARRAY[0.0, 100.0, 1000.0])
upper(account) | lower(trim(account)) | length(account) | substr(account, 1, 3) | substring(account, 2)
reverse(account)
substring(account FROM 1 FOR 3) | position('a' IN account) | strpos(account, 'a') | replace(account, 'a', 'b')
concat(account, '-', product) | account || ' / ' || product | concat_ws(', ', account, product)
split_part(account, ' ', 1)
split(account, ' ') | split(account, ' ')[1] | element_at(split(account, ' '), 1)
cardinality(split(account, ' '))
regexp_like(account, '^A.*') | regexp_extract(account, '(\\w+) (\\w+)', 2) | regexp_replace(account, '\\s+', ' ')
regexp_extract_all(account, '[a-z]+') | regexp_count(account, 'a') | starts_with(account, 'A')
lpad(account, 10, ' ')
levenshtein_distance(account, product) | soundex(account) | normalize(account) | translate(account, 'ab', 'xy')
chr(65) | codepoint('A') | ltrim(account) | rtrim(account) | trim(BOTH ' ' FROM account)
trim(LEADING 'x' FROM account)
json_extract_scalar('{"a": 1}', '$.a') | json_extract('{"a": [1]}', '$.a[0]') | json_array_length('[1, 2]')
json_parse('{"a": 1}') | CAST(json_parse('[1]') AS array(integer)) | json_format(json_parse('{}'))
json_size('{}', '$')
array_join(ARRAY['a', 'b'], ',') | transform(ARRAY[1, 2], x -> x + pipeline_year)
filter(ARRAY[1, 2], x -> x > 1)
reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s) | zip_with(ARRAY[1], ARRAY[2], (x, y) -> x + y)
any_match(ARRAY[1, 2], x -> x > 1) | all_match(ARRAY[1], x -> x > 0) | none_match(ARRAY[1], x -> x > 5)
contains(ARRAY['Won', 'Lost'], deal_stage) | array_position(ARRAY[1, 2], 2) | array_distinct(ARRAY[1, 1])
array_sort(ARRAY[2, 1]) | array_sort(ARRAY[2, 1], (x, y) -> IF(x < y, 1, -1)) | slice(ARRAY[1, 2, 3], 1, 2)
array_max(ARRAY[1, 2]) | array_min(ARRAY[1, 2]) | array_intersect(ARRAY[1], ARRAY[1]) | flatten(ARRAY[ARRAY[1]])
sequence(1, 5) | MAP(ARRAY['a'], ARRAY[1]) | map_keys(MAP(ARRAY['a'], ARRAY[1])) | MAP(ARRAY['a'], ARRAY[1])['a']
ROW(account, product) | CAST(ROW(1, 'a') AS ROW(x integer, y varchar)).x | (account, product) IN (('a', 'b'))
account LIKE 'A%' | account LIKE '10!%' ESCAPE '!' | account NOT LIKE '%x%' | account IS DISTINCT FROM product
account IS NOT DISTINCT FROM product | close_value BETWEEN 10 AND 20
engage_date BETWEEN DATE '2024-01-01' AND DATE '2025-01-01'
deal_stage IN ('Won', 'Lost') AND NOT close_value IS NULL | deal_stage = 'Won' OR deal_stage = 'Lost' | TRUE
NULL
close_value * 1.1e0 | -close_value | close_value <> 0 | close_value != 0
date_diff('week', engage_date, current_date)
day_of_month(engage_date) | hour(now()) | minute(now()) | date_trunc('month', current_date - INTERVAL '1' YEAR)
format('%s has %d', account, pipeline_year) | format('%.2f', close_value) | format_datetime(now(), 'yyyy-MM')
parse_datetime('2025', 'yyyy') | from_iso8601_timestamp('2025-01-01T00:00:00Z')
with_timezone(TIMESTAMP '2025-01-01 00:00:00', 'UTC')
date_diff('month', DATE '2024-01-01', close_date) | CAST(date_format(engage_date, '%m') AS integer) | cbrt(27.0)
parse_duration('3d') | to_milliseconds(INTERVAL '3' DAY) | is_nan(close_value) | bitwise_and(1, 3)
md5(to_utf8(account))
"""

_AGGREGATES = """
count(*) | count(DISTINCT account) | count_if(deal_stage = 'Won')
sum(close_value) FILTER (WHERE deal_stage = 'Won')
avg(CAST(deal_stage = 'Won' AS integer)) | approx_distinct(account) | approx_distinct(account, 0.01)
approx_percentile(close_value, 0.5) | approx_percentile(close_value, ARRAY[0.25, 0.5, 0.75])
max_by(account, close_value)
min_by(account, close_value) | max_by(account, close_value, 3) | max(close_value, 3) | arbitrary(account)
any_value(account)
bool_or(deal_stage = 'Won') | bool_and(deal_stage = 'Won') | every(close_value > 0)
corr(close_value, month(engage_date))
regr_slope(close_value, pipeline_year) | regr_intercept(close_value, pipeline_year) | stddev(close_value)
stddev_samp(close_value) | stddev_pop(close_value) | variance(close_value) | var_samp(close_value)
var_pop(close_value)
covar_samp(close_value, pipeline_year) | covar_pop(close_value, pipeline_year) | geometric_mean(close_value + 1)
histogram(deal_stage) | numeric_histogram(5, close_value) | array_agg(account)
array_agg(DISTINCT account ORDER BY account)
array_join(array_agg(DISTINCT deal_stage), ', ') | listagg(account, ', ') WITHIN GROUP (ORDER BY account)
entropy(1)
map_agg(account, close_value) | multimap_agg(deal_stage, account) | checksum(account) | skewness(close_value)
kurtosis(close_value) | approx_most_frequent(3, account, 100) | sum(DISTINCT close_value)
1.0 * sum(IF(deal_stage = 'Won', 1, 0)) / count(*) | try(sum(close_value) / count_if(deal_stage = 'Won'))
sum(close_value) / nullif(count(*), 0) | max(engage_date) - min(engage_date)
date_diff('day', min(engage_date), max(close_date))
reduce_agg(close_value, 0e0, (a, b) -> a + b, (a, b) -> a + b) | bitwise_or_agg(pipeline_year)
map_union(MAP(ARRAY[1], ARRAY[2]))
"""

_WINDOWS = """
row_number() OVER (PARTITION BY account ORDER BY engage_date) | rank() OVER (ORDER BY close_value DESC)
dense_rank() OVER (ORDER BY close_value DESC NULLS LAST) | ntile(4) OVER (ORDER BY close_value)
lag(close_value) OVER (PARTITION BY account ORDER BY engage_date)
lead(close_value, 2, 0.0) OVER (ORDER BY engage_date)
lag(close_value, 1) IGNORE NULLS OVER (ORDER BY engage_date) | first_value(account) OVER (ORDER BY engage_date)
last_value(account) OVER (ORDER BY engage_date ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
nth_value(account, 2) OVER (ORDER BY engage_date) | percent_rank() OVER (ORDER BY close_value)
cume_dist() OVER (ORDER BY close_value)
avg(close_value) OVER (ORDER BY engage_date ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)
sum(close_value) OVER (ORDER BY engage_date RANGE BETWEEN INTERVAL '30' DAY PRECEDING AND CURRENT ROW)
sum(close_value) OVER (ORDER BY engage_date GROUPS 2 PRECEDING) | sum(close_value) OVER w | count(*) OVER ()
100.0 * close_value / sum(close_value) OVER (PARTITION BY pipeline_year)
sum(close_value) OVER (w ROWS UNBOUNDED PRECEDING)
max(close_value) FILTER (WHERE deal_stage = 'Won') OVER (PARTITION BY account)
"""

WHOLE_QUERIES = [
    "SELECT account, count(*) FROM sales_pipeline GROUP BY 1 HAVING count(*) > 1 "
    "ORDER BY 2 DESC, account LIMIT 10",
    "SELECT account, product, count(*) FROM sales_pipeline GROUP BY GROUPING SETS ((account), (product), ())",
    "SELECT account, product, count(*), grouping(account, product) FROM sales_pipeline GROUP BY CUBE "
    "(account, product)",
    "SELECT account, product, sum(close_value) FROM sales_pipeline GROUP BY ROLLUP (account, product)",
    "SELECT pipeline_year, account, count(*) FROM sales_pipeline GROUP BY pipeline_year, ROLLUP (account)",
    "SELECT account FROM accounts ORDER BY account FETCH FIRST 5 ROWS ONLY",
    "SELECT account FROM accounts OFFSET 5 ROWS FETCH NEXT ROW ONLY",
    "SELECT account FROM accounts OFFSET 5 LIMIT 5",
    "SELECT account FROM accounts LIMIT ALL",
    "SELECT account FROM accounts LIMIT 0",
    "SELECT p.account FROM sales_pipeline p JOIN accounts USING (account)",
    "SELECT account, sector FROM sales_pipeline JOIN accounts USING (account) JOIN products USING (product)",
    "SELECT p.account FROM sales_pipeline p FULL OUTER JOIN accounts a ON p.account = a.account",
    "SELECT p.account FROM sales_pipeline p RIGHT JOIN accounts a ON a.account = p.account AND a.sector "
    "= 'retail'",
    "SELECT * FROM sales_pipeline p INNER JOIN accounts a ON lower(a.account) = lower(p.account)",
    "SELECT a.account FROM accounts a WHERE EXISTS (SELECT 1 FROM sales_pipeline p WHERE p.account = a.account)",
    "SELECT a.account FROM accounts a WHERE revenue > (SELECT avg(revenue) FROM accounts b WHERE "
    "b.sector = a.sector)",
    "SELECT account FROM accounts WHERE revenue >= ALL (SELECT revenue FROM accounts)",
    "SELECT account FROM accounts WHERE revenue > ANY (SELECT revenue FROM accounts)",
    "SELECT account FROM accounts WHERE revenue = SOME (SELECT revenue FROM accounts)",
    "SELECT account FROM accounts WHERE account NOT IN (SELECT account FROM sales_pipeline WHERE account "
    "IS NOT NULL)",
    "SELECT account FROM accounts WHERE (account, sector) IN (SELECT account, sector FROM accounts)",
    "SELECT x FROM accounts CROSS JOIN UNNEST(ARRAY[1, 2]) AS t(x)",
    "SELECT account, w, n FROM accounts CROSS JOIN UNNEST(split(account, ' ')) WITH ORDINALITY AS t(w, n)",
    "SELECT account, w FROM accounts LEFT JOIN UNNEST(split(account, ' ')) AS t(w) ON TRUE",
    "SELECT k, v FROM accounts, UNNEST(MAP(ARRAY['a'], ARRAY[1])) AS t(k, v)",
    "SELECT d, count(p.opportunity_id) FROM UNNEST(sequence(DATE '2025-01-01', DATE '2025-12-01', "
    "INTERVAL '1' MONTH)) "
    "AS t(d) LEFT JOIN sales_pipeline p ON date_trunc('month', p.engage_date) = d GROUP BY d ORDER BY d",
    "SELECT band, count(*) FROM accounts JOIN (VALUES ('small', 0, 100), ('large', 101, 99999)) AS "
    "b(band, lo, hi) "
    "ON employees BETWEEN lo AND hi GROUP BY band",
    "WITH b(band, lo) AS (VALUES ('small', 0), ('large', 100)) SELECT band FROM b JOIN accounts ON employees > lo",
    "WITH won AS (SELECT * FROM sales_pipeline WHERE deal_stage = 'Won'), y AS (SELECT pipeline_year, "
    "sum(close_value) AS s FROM won GROUP BY pipeline_year) SELECT pipeline_year, s, s - lag(s) OVER "
    "(ORDER BY pipeline_year) AS change FROM y ORDER BY pipeline_year",
    "WITH t AS (SELECT *, row_number() OVER (PARTITION BY account ORDER BY close_value DESC) AS rn "
    "FROM sales_pipeline) SELECT account, close_value FROM t WHERE rn <= 3",
    "SELECT account FROM accounts UNION ALL SELECT product FROM products",
    "SELECT account FROM accounts INTERSECT SELECT account FROM sales_pipeline",
    "SELECT account FROM accounts EXCEPT SELECT account FROM sales_pipeline ORDER BY 1 LIMIT 3",
    "(SELECT account FROM accounts LIMIT 3) UNION ALL (SELECT product FROM products LIMIT 3)",
    "SELECT DISTINCT sector, office_location FROM accounts ORDER BY sector, office_location",
    "SELECT a.*, p.close_value FROM accounts a JOIN sales_pipeline p ON p.account = a.account",
    "SELECT sum(close_value) OVER w, avg(close_value) OVER w FROM sales_pipeline WINDOW w AS (PARTITION "
    "BY account)",
    "SELECT parent.account, child.account FROM accounts child JOIN accounts parent ON "
    "child.subsidiary_of = parent.account",
    "SELECT account FROM accounts AS a (account, s, y, r, e, o, p) WHERE r > 100",
    "SELECT t.manager, avg(p.close_value) FROM sales_pipeline p LEFT JOIN sales_teams t ON t.sales_agent "
    "= p.sales_agent "
    "WHERE p.close_date >= date_add('month', -12, current_date) GROUP BY t.manager",
    'SELECT account AS "Customer name", revenue AS "Año (%)" FROM accounts',
    "SELECT count(*) AS n, (SELECT count(*) FROM accounts) AS total FROM sales_pipeline",
    "SELECT a.account, p.n FROM accounts a CROSS JOIN LATERAL (SELECT count(*) AS n FROM sales_pipeline p "
    "WHERE p.account = a.account) p",
    "SELECT a.account, t.share FROM accounts a CROSS JOIN (SELECT avg(revenue) AS share FROM accounts) t",
    "SELECT sector, revenue / total FROM accounts, (SELECT sum(revenue) AS total FROM accounts) t",
    'SELECT "account" FROM "sales"."accounts"',
    "SELECT account FROM awsdatacatalog.sales.accounts",
    "SELECT accounts.account FROM sales.accounts",
    "select Account, SECTOR from Accounts where Sector in ('retail')",
    "SELECT account FROM accounts;",
    "SELECT account FROM accounts WHERE sector = 'it''s -- not; a /* comment */'",
    "SELECT account FROM accounts WHERE account = 'Café Ñandú 東京'",
    "SELECT pipeline_year, map_agg(deal_stage, n) FROM (SELECT pipeline_year, deal_stage, count(*) AS n FROM "
    "sales_pipeline GROUP BY pipeline_year, deal_stage) t GROUP BY pipeline_year",
    "SELECT date_trunc('month', engage_date) AS m, count(*) FROM sales_pipeline GROUP BY "
    "date_trunc('month', engage_date)",
    "SELECT year(engage_date) AS y, month(engage_date) AS m, count(*) FROM sales_pipeline GROUP BY 1, 2 "
    "ORDER BY y, m",
    "SELECT account, revenue FROM accounts ORDER BY revenue DESC NULLS LAST, account ASC NULLS FIRST",
    "SELECT product, sum(close_value) s FROM sales_pipeline GROUP BY product ORDER BY s DESC LIMIT 1",
    "WITH s AS (SELECT account, sum(close_value) AS paid FROM sales_pipeline GROUP BY account) "
    "SELECT account, paid, sum(paid) OVER (ORDER BY paid DESC) / sum(paid) OVER () AS share FROM s",
    "SELECT a.account, b.account FROM accounts a JOIN accounts b ON a.sector = b.sector AND a.account < b.account",
    "SELECT x.product, y.product, count(*) FROM sales_pipeline x JOIN sales_pipeline y ON x.account = y.account "
    "AND x.product < y.product GROUP BY x.product, y.product",
    "SELECT count(*) FROM (SELECT DISTINCT account, product FROM sales_pipeline)",
    "SELECT u.account FROM (SELECT account FROM accounts UNION SELECT account FROM sales_pipeline) AS u",
]


def _select(pieces: str, frame: str) -> list[str]:
    found = [one.strip() for line in pieces.strip().splitlines() for one in line.split(" | ")]
    return [frame.format(one) for one in found]


ANALYST_QUERIES = [
    *_select(_OF_PIPELINE, "SELECT {} AS x FROM sales_pipeline"),
    *_select(_AGGREGATES, "SELECT deal_stage, {} AS x FROM sales_pipeline GROUP BY deal_stage"),
    *_select(
        _WINDOWS, "SELECT {} AS x FROM sales_pipeline WINDOW w AS (PARTITION BY account ORDER BY engage_date)"
    ),
    *WHOLE_QUERIES,
]
