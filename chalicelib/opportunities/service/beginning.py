"""The first step of each machine: check what is asked, and clear what was found before."""

from __future__ import annotations

from typing import Any

from chalicelib.core import payload
from chalicelib.core.log import logger
from chalicelib.opportunities.ports.analyses import AnalysisStore, RowStore
from chalicelib.opportunities.service.requests import Analysis, MachineInput


def begin(kind: str, name: str, run_input: Any, analyses: AnalysisStore, rows: RowStore) -> dict[str, Any]:
    """Remove earlier results of this opportunity and kind, and no other's, and return the analysis.

    A retry finds its own results, if there are any, and leaves them.

    Raises:
        InvalidInputError: the input lacks something; every problem is named.
    """
    given = payload.parse(MachineInput, run_input)
    analysis = Analysis(name, kind, given.opportunity_details.opportunity(), given.analysis_options)
    opportunity_id = analysis.opportunity.id
    removed = analyses.clear(opportunity_id, kind, but=name)
    files = rows.clear(opportunity_id, kind, but=name)
    logger().info("previous results cleared", opportunity=opportunity_id, analysis=removed, row_files=files)
    return analysis.as_dict()
