"""What ariadne-codegen made of the schema, used: a question, a change, and a subscription that tells of it."""

import asyncio
import os
from datetime import date

from out.client import Client
from out.client.enums import Basis
from out.client.input_types import CreateIndicatorInput


async def main() -> None:
    """Ask, follow, write, and see that what was written is told and found."""
    url, token = os.environ["CONFORMANCE_URL"], os.environ["CONFORMANCE_TOKEN"]
    headers = {"authorization": f"Bearer {token}"} if token else {}
    client = Client(url=url, headers=headers, ws_url=url.replace("http", "ws"), ws_connection_init_payload=headers)
    before = (await client.indicators(first=5)).indicators
    written = None
    async for page in client.follow():
        for node in page.changes.nodes:
            assert node.record is not None
            assert written is not None
            assert (node.id, node.record.code) == (written.id, "ariadne")
        if page.changes.nodes:
            break
        indicator = CreateIndicatorInput(
            code="ariadne",
            name="Round trip",
            name_zh="测试",
            unit="1",
            formula="1",
            basis=Basis.RECORDS,
            valid_from=date(2026, 1, 1),
        )
        payload = (await client.record_indicator(input=indicator)).create_indicator
        assert payload.errors == []
        written = payload.indicator
    after = (await client.indicators(first=5)).indicators
    assert before is not None
    assert after is not None
    assert after.total_count == before.total_count + 1
    print("asked, changed, followed")


asyncio.run(main())
