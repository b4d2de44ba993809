"""How many of the fields that tshark gives of captures by others are the same with us."""

from tests.benchmarks.figure import Figure
from tests.survey.test_others_captures import ON_PURPOSE, ORACLES, compare


async def measure() -> list[Figure]:
    if not ORACLES:
        return [Figure(name="agreement with tshark: there are no captures by others here", value="", goal="100 %")]
    made = compare()
    equal, different = made.equal.total(), made.different.total()
    listed = sum(made.different[key] for key in ON_PURPOSE)
    goal = f"100 % but for what is listed with its reason, {listed} fields"
    return [
        Figure(
            name=f"agreement with tshark, {len(ORACLES)} captures by others",
            value=f"{equal:,} of {equal + different:,}",
            goal=goal,
        )
    ]
