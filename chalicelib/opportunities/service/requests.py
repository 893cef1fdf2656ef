"""What is asked: the machines' input and the API's body, checked whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from chalicelib.core import payload
from chalicelib.opportunities.domain.opportunity import Opportunity

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
Short = Annotated[str, msgspec.Meta(max_length=100)]
Long = Annotated[str, msgspec.Meta(max_length=5_000)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e12)]


def _as_in_input(name: str) -> str:
    """Return a field's name in the input: camelCase, but for ``CustomerName``."""
    first, *others = name.split("_")
    return "CustomerName" if name == "customer_name" else first + "".join(word.title() for word in others)


class OpportunityDetails(msgspec.Struct, rename=_as_in_input):
    """``opportunityDetails`` of the machines' input; other fields are left alone."""

    customer_name: Name
    opp_name: Name
    close_date: date
    region: Short = ""
    opp_description: Long = ""
    product: Short = ""
    amount: Amount | None = None

    def opportunity(self) -> Opportunity:
        """Return it as the rules know it."""
        return Opportunity(
            customer=self.customer_name.strip(),
            region=self.region.strip(),
            close_date=self.close_date,
            name=self.opp_name.strip(),
            description=self.opp_description.strip(),
            product=self.product.strip(),
            amount=self.amount,
        )


class AnalysisOptions(msgspec.Struct, rename="camel"):
    """``analysisOptions`` of the machines' input."""

    use_nova_premier: bool = False
    include_validation: bool = True
    """Check each claim of the result again before it is stored."""
    include_funding: bool = False
    include_follow_on: bool = False


class MachineInput(msgspec.Struct, rename="camel"):
    """The machines' input."""

    opportunity_details: OpportunityDetails
    analysis_options: AnalysisOptions = msgspec.field(default_factory=AnalysisOptions)


class AnalyzeBody(OpportunityDetails, rename=_as_in_input, forbid_unknown_fields=True):
    """The body of ``POST /api/analyze``: the details and the options beside each other."""

    workflow_type: Literal["opportunity", "funding", "followOn"] = "opportunity"
    use_nova_premier: bool = False
    include_validation: bool = True
    include_funding: bool = False
    include_follow_on: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis under way, as states hand it on."""

    id: str
    """The execution's name."""
    kind: str
    opportunity: Opportunity
    options: AnalysisOptions

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON, with every key the definitions read."""
        one = self.opportunity
        return {
            "id": self.id,
            "kind": self.kind,
            "opportunityId": one.id,
            "opportunityDetails": {
                "CustomerName": one.customer,
                "region": one.region,
                "closeDate": one.close_date.isoformat(),
                "oppName": one.name,
                "oppDescription": one.description,
                "product": one.product,
                "amount": one.amount,
            },
            "analysisOptions": payload.to_json_types(self.options),
        }


def analysis_of(data: dict[str, Any]) -> Analysis:
    """Return an analysis of what `Analysis.as_dict` made of it."""
    given = payload.parse(
        MachineInput,
        {"opportunityDetails": data["opportunityDetails"], "analysisOptions": data["analysisOptions"]},
    )
    opportunity = given.opportunity_details.opportunity()
    return Analysis(str(data["id"]), str(data["kind"]), opportunity, given.analysis_options)
