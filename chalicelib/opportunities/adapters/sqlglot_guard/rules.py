"""What the guard lets through, as data. Whatever is not named here is refused.

Function names are Athena's (engine version 3, Trino), as they are written in a query. Node names are sqlglot's
classes, as they come out of its parser.
"""

from __future__ import annotations

LONGEST_QUERY = 20_000
"""Characters."""
DEEPEST_NESTING = 40
"""Parentheses and brackets within each other."""
DEEPEST_TREE = 200
"""Parts of the parsed tree within each other, such as CASE in CASE, or one more OR."""
MOST_NODES = 6_000
"""Parts of the parsed tree."""
MOST_RELATIONS = 30
"""Tables and subqueries that a whole query may read from."""
LONGEST_PADDING = 1_000
"""Characters that all lpad and rpad of a query may make together: one within another multiplies."""
WIDEST_FORMAT = 3
"""Digits of a number in format()'s text: no more than 999 places are filled."""
MOST_SEQUENCES = 1
"""Calls of sequence() in a query: two beside each other would make millions of rows of nothing."""
FEW_ROWS = 1_000
"""A relation with a limit up to this has few rows."""
GROUPED_ROWS = 100
"""What a grouped relation, or a list that is unfolded, is reckoned to have: as few as that is usual."""
TABLE_ROWS = 20_000
"""What a table of one file is reckoned to have."""
MANY_ROWS = 1_000_000
"""What a table that is divided by years is reckoned to have."""
MOST_COMBINATIONS = 10_000_000
"""Rows that relations of few rows may make beside each other without a condition."""
MOST_PAIRS = MANY_ROWS * TABLE_ROWS * GROUPED_ROWS
"""Combinations of rows that no equality ties: each row of a huge table with each of another, few beside."""
LONGEST_SEQUENCE = 10_000
"""Elements of sequence() over whole numbers, as many as Athena makes."""
LONGEST_TEXT_BESIDE_A_SEQUENCE = 200
"""Characters of a text in a query that has a sequence: ten thousand times as long is still no burden."""
LONGEST_TYPE = 10_000
"""Letters of varchar(n) and char(n)."""
MOST_OFFSET = 1_000_000
MOST_GROUPINGS = 64
"""Sets of columns that GROUP BY stands for: CUBE of six columns has as many."""
MOST_CHOICES = 10
"""Parts of a pattern that may be there more or less often."""
MOST_WILDCARDS = 10
"""Per cent signs of a LIKE."""
VALUE_LETTERS = 100
"""What a stored text is reckoned to have."""
NUMBER_LETTERS = 20
"""What a number, a date or a truth is reckoned to have."""
MOST_LETTERS = 100_000
"""What a value may come to, by its form: a thousand stored texts put together."""

FUNCTIONS: dict[str, str] = {
    "aggregates": """
        any_value approx_distinct approx_most_frequent approx_percentile arbitrary array_agg avg bool_and
        bool_or corr count count_if covar_pop covar_samp entropy every geometric_mean grouping histogram
        checksum kurtosis listagg bitwise_and_agg bitwise_or_agg map_agg map_union max max_by min min_by
        multimap_agg numeric_histogram reduce_agg regr_intercept regr_slope skewness stddev stddev_pop
        stddev_samp sum var_pop var_samp variance""",
    "windows": """
        cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number""",
    "numbers": """
        abs acos asin atan atan2 bitwise_and bitwise_not bitwise_or bitwise_xor cbrt ceil ceiling cos
        degrees e exp floor greatest infinity is_finite is_infinite is_nan least ln log log10 log2 mod nan
        pi pow power radians round sign sin sqrt tan truncate width_bucket""",
    "conditions": "case cast coalesce if nullif try try_cast typeof",
    "texts": """
        char_length character_length chr codepoint concat concat_ws format hamming_distance length
        levenshtein_distance lower lpad ltrim normalize position regexp_count regexp_extract
        regexp_extract_all regexp_like regexp_replace regexp_split replace reverse rpad rtrim soundex split
        split_part split_to_map starts_with strpos substr substring translate trim upper""",
    "times": """
        at_timezone current_date current_timestamp date date_add date_diff date_format date_parse date_trunc
        day day_of_month day_of_week day_of_year dow doy extract format_datetime from_iso8601_date
        from_iso8601_timestamp from_unixtime hour last_day_of_month localtimestamp minute month now
        parse_datetime parse_duration quarter second timestamp to_iso8601 to_milliseconds to_unixtime week
        week_of_year with_timezone year year_of_week yow""",
    "lists and maps": """
        all_match any_match array array_distinct array_except array_intersect array_join array_max array_min
        array_position array_remove array_sort array_union arrays_overlap cardinality contains element_at
        filter flatten map map_concat map_entries map_filter map_from_entries map_keys map_values none_match
        reduce row sequence slice transform transform_keys transform_values zip zip_with""",
    "json": """
        json_array_contains json_array_get json_array_length json_extract json_extract_scalar json_format
        json_parse json_size""",
    "fingerprints": "from_utf8 md5 sha256 to_hex to_utf8",
}

_KEYWORDS = """
    all and any as between bigint by case char cross cube decimal distinct double else end escape except exists
    fetch filter first from group grouping having in inner integer intersect interval into is join lateral left
    like limit materialized next not null nulls offset on or order outer over partition real right rollup select
    sets smallint some table then time timestamp tinyint union unnest using values varchar when where window with
    within
"""
WORDS_BEFORE_PARENTHESES = frozenset(_KEYWORDS.split())
"""Words that are no function though a parenthesis follows them."""

_FUNCTION_NODES = """
    Abs Acos AnyValue ApproxDistinct ApproxQuantile ArgMax ArgMin Array ArrayAgg ArrayConcat ArrayContains
    ArrayDistinct ArrayExcept ArrayFilter ArrayIntersect ArrayMax ArrayMin ArrayOverlaps ArrayPosition
    ArrayRemove ArrayAny ArrayAll ArraySize ArraySlice ArraySort ArrayToString ArrayUnion ArrayUniqueAgg Asin
    Atan Atan2 Avg BitwiseAndAgg BitwiseOrAgg Case Cast Cbrt Ceil Chr Decode Encode Coalesce Concat ConcatWs
    Corr Cos Count CountIf CovarPop CovarSamp CumeDist CurrentDate CurrentTimestamp Date DateAdd DateDiff
    DateStrToDate DateSub DateTrunc Day DayOfMonth DayOfWeek DayOfWeekIso DayOfYear Degrees DenseRank Exists
    Exp Extract FirstValue Flatten Floor Format FromISO8601Date FromISO8601Timestamp GenerateDateArray
    GenerateSeries GenerateTimestampArray Greatest GroupConcat Grouping Hour If IsInf IsNan JSONExtract
    JSONExtractScalar JSONFormat Kurtosis Lag LastDay LastValue Lead Least Length Levenshtein Ln Localtimestamp
    Log LogicalAnd LogicalOr Lower Map MapConcat MapEntries MapFromEntries MapKeys MapValues Max Min Minute
    Month NthValue Ntile Nullif Pad ParseDatetime ParseJSON PercentRank Pi Pow Quarter Hex JSONArrayContains
    JSONArrayLength MD5Digest Normalize Radians Rank Reduce RegexpCount RegexpExtract RegexpExtractAll
    RegexpLike RegexpReplace RegexpSplit RegrIntercept RegrSlope Replace Reverse Round RowNumber Second Sign
    Sin SHA2 Skewness Soundex Split SplitPart Sqrt StartsWith Stddev StddevPop StddevSamp StrPosition StrToDate
    StrToTime StrToUnix Struct Substring Sum Tan TimeToStr TimeToUnix Timestamp TimestampTrunc Transform
    Translate Trim Trunc Try TryCast Typeof UnixToStr UnixToTime Unicode Upper Variance VariancePop Week
    WeekOfYear WidthBucket Year YearOfWeek YearOfWeekIso Zip TsOrDsToDate TsOrDsAdd TsOrDsDiff DateToDateStr
    StrToMap VarMap
"""

_EXPRESSION_NODES = """
    Add Alias All And BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Anonymous Any AtTimeZone Between Boolean
    Bracket Column ColumnDef DPipe DataType DataTypeParam Distinct Div Dot EQ Escape Filter GT GTE Identifier
    IgnoreNulls In Interval Is JSONPath JSONPathKey JSONPathRoot JSONPathSubscript LT LTE Lambda Like Literal
    Mod Mul NEQ Neg Not Null NullSafeEQ NullSafeNEQ Or Order Ordered Paren Placeholder RespectNulls Slice Star
    Sub Tuple Var Window WindowSpec WithinGroup IntDiv HavingMax
"""

_QUERY_NODES = """
    CTE Cube Except Fetch From Group GroupingSets Having Intersect Join Lateral Limit LimitOptions Offset Qualify
    Rollup Select Subquery Table TableAlias Union Unnest Values Where With
"""

NODES = frozenset(f"{_FUNCTION_NODES} {_EXPRESSION_NODES} {_QUERY_NODES}".split())
"""Every class a tree may be made of."""

_CLAUSES = "order limit offset"

ARGUMENTS: dict[str, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "Select": f"with_ expressions distinct from_ joins where group having qualify windows {_CLAUSES}",
        "Union": f"with_ this expression distinct {_CLAUSES}",
        "Intersect": f"with_ this expression distinct {_CLAUSES}",
        "Except": f"with_ this expression distinct {_CLAUSES}",
        "Subquery": f"this alias with_ joins {_CLAUSES}",
        "Table": "this alias db catalog joins",
        "Join": "this on side kind using",
        "With": "expressions",
        "CTE": "this alias",
        "Lateral": "this alias view outer",
        "Unnest": "expressions alias offset",
        "Values": "expressions alias",
        "Group": "expressions grouping_sets cube rollup",
        "Distinct": "expressions",
        "Star": "",
        "Between": "this low high",
        "ColumnDef": "this kind",
        "DataType": "this expressions nested values",
        "Column": "this table db catalog",
        "Fetch": "direction count limit_options",
        "LimitOptions": "rows",
        "Limit": "expression",
        "Offset": "expression",
        "Order": "this expressions",
        "Placeholder": "this",
        "In": "this expressions query",
        "Cast": "this to",
        "TryCast": "this to safe requires_string",
        "Bracket": "this expressions offset safe returns_list_for_maps",
        "Anonymous": "this expressions",
    }.items()
}
"""What nodes of these classes may carry; a node with anything else filled in is refused."""

_LIST_BUILDERS = """
    ArrayAgg ArrayUniqueAgg GenerateDateArray GenerateSeries GenerateTimestampArray GroupConcat
    approx_most_frequent histogram map_agg map_union multimap_agg numeric_histogram
"""
LIST_BUILDERS = frozenset(_LIST_BUILDERS.split())
"""Nodes and functions that make a list of many rows or of nothing."""

_PATTERN_NODES = "RegexpCount RegexpExtract RegexpExtractAll RegexpLike RegexpReplace RegexpSplit"
PATTERN_NODES = frozenset(_PATTERN_NODES.split())

_NUMBERS_ONLY = """
    Abs Add And ArraySize Boolean Case Cast Ceil Coalesce Column ColumnDef DataType DataTypeParam Div Dot EQ Floor
    GT GTE Greatest Identifier If Is LT LTE Least Length Literal Mod Mul NEQ Neg Not Null Or Paren Pow Round Sqrt
    Struct Sub TryCast
"""
NUMBERS_ONLY = frozenset(_NUMBERS_ONLY.split())
"""Nodes out of which comes no text and no list that is longer than those that go in."""

_NUMBERS = """
    Abs Add All And Any ApproxDistinct ArrayContains ArrayPosition ArraySize Between Boolean Ceil Corr Count
    CountIf DateDiff Day Div EQ Exists Extract Floor GT GTE Grouping In IntDiv Is LT LTE Length Levenshtein Like
    Ln Log Mod Month Mul NEQ Neg Not Null NullSafeEQ NullSafeNEQ Or Pow Quarter Rank RegexpCount RegexpLike
    Round RowNumber Sqrt StartsWith StrPosition Sub Week Year
"""
NUMBERS = frozenset(_NUMBERS.split())
"""Nodes that come to a number or a truth, however long what goes in."""
LARGEST = frozenset({"Case", "Coalesce", "Greatest", "If", "Least", "Nullif", "Tuple", "Values"})
"""Nodes that come to one of what goes in."""

_TYPES = """
    ARRAY BIGINT BOOLEAN CHAR DATE DECIMAL DOUBLE FLOAT INT INTERVAL JSON MAP REAL SMALLINT STRUCT TEXT TIME
    TIMESTAMP TIMESTAMPTZ TIMETZ TINYINT VARBINARY VARCHAR
"""
TYPES = frozenset(_TYPES.split())
"""What a value may be cast to, as sqlglot calls it."""

JOIN_SIDES = frozenset({"", "LEFT", "RIGHT", "FULL"})
JOIN_KINDS = frozenset({"", "INNER", "OUTER", "CROSS"})

FIRST_WORDS = frozenset({"select", "with"})
"""What a query begins with, after parentheses."""


def function_names() -> frozenset[str]:
    """Return the names of all functions."""
    return frozenset(name for group in FUNCTIONS.values() for name in group.split())
