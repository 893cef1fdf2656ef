"""How many lines a week the daily report raises on a year of real sales, and how many planted drops it finds.

    python -m benchmarks.retail_alerts

A day is judged by what was known before it. The sales are not the project's; without them it says so and ends.
"""

from __future__ import annotations

from pathlib import Path

from chalicelib.retail.backtest.__main__ import lines
from chalicelib.retail.backtest.replay import DROP, replay
from chalicelib.retail.backtest.sales_files import read_sales

SALES = Path(__file__).resolve().parents[2] / "shared" / "data" / "retail" / "stores" / "sales_by_day.csv.gz"


def main() -> None:
    """Replay and print."""
    if not SALES.exists():
        print(f"{SALES} is not there: nothing to replay")
        return
    for line in lines(replay(read_sales(SALES, {}).days), DROP):
        print(line)


if __name__ == "__main__":
    main()
