"""`eldersim schema`: the JSON Schema of a scenario or of a plan."""

import json

import click

from eldersim.shell import explained


@click.command("schema")
@click.option("--plan", is_flag=True, help="That of a whole plan, with its scenarios.")
@explained
def command(plan: bool) -> None:
    """Print the JSON Schema of a scenario, for editors and for programs that write one."""
    from eldersim import plan as plans
    from eldersim import scenario

    found = scenario.schema()
    if plan:
        whole = plans.schema()
        inner = {key: value for key, value in found.items() if key not in ("$schema", "$defs")}
        whole["$defs"] |= {**found.get("$defs", {}), "Scenario": inner}
        whole["properties"]["scenarios"]["items"] = {"$ref": "#/$defs/Scenario"}
        found = whole
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
