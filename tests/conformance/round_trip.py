"""What ariadne-codegen made of the schema, used: a question, a change, and a subscription that tells of it."""

import asyncio
import os

from out.client import Client
from out.client.enums import CollectionMethod
from out.client.input_types import CreateSourceInput


async def main() -> None:
    """Ask, follow, write, and see that what was written is told and found."""
    url, token = os.environ["CONFORMANCE_URL"], os.environ["CONFORMANCE_TOKEN"]
    headers = {"authorization": f"Bearer {token}"} if token else {}
    client = Client(url=url, headers=headers, ws_url=url.replace("http", "ws"), ws_connection_init_payload=headers)
    before = (await client.sources(first=5)).sources
    written = None
    async for page in client.follow():
        for node in page.changes.nodes:
            assert node.record is not None
            assert written is not None
            assert (node.id, node.record.system) == (written.id, "ariadne")
        if page.changes.nodes:
            break
        source = CreateSourceInput(
            system="ariadne", collection_method=CollectionMethod.SYNTHETIC, recorded_by="conformance"
        )
        payload = (await client.record_source(input=source)).create_source
        assert payload.errors == []
        written = payload.source
    after = (await client.sources(first=5)).sources
    assert before is not None
    assert after is not None
    assert after.total_count == before.total_count + 1
    print("asked, changed, followed")


asyncio.run(main())
