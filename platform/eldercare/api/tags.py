"""Tags of answers: equal tags mean equal answers, so that an answer a client still has need not be made again."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import orjson

from eldercare.api.compiler.plan import Plan
from eldercare.api.compiler.run import Reads
from eldercare.kit.work import count_statement
from eldercare.registry.changelog import STATE


class Tags:
    """Makes tags from the state of the registry, whoever asks, what is asked, and the business date.

    `edition` stands for everything else that decides an answer: the program and its schema. The state is read before the
    answer is, so a tag is never newer than its answer.
    """

    def __init__(self, reads: Reads, edition: Callable[[], str]) -> None:
        self._reads, self._edition = reads, edition
        self._plan = Plan(
            STATE["sqlite" if reads.driver == "sqlite" else "postgresql"], (), {}, {}, reads.driver, cost=0
        )

    async def state(self) -> bytes:
        """What identifies the changes that can be seen now: two equal states have seen the same changes."""
        count_statement()
        return await self._reads.fetch(self._plan, {} if self._reads.driver == "sqlite" else [])

    async def tag(
        self, document: str, operation: str | None, variables: Mapping[str, Any], viewer: Any, day: date
    ) -> str:
        """The tag of an answer."""
        parts = [
            self._edition().encode(),
            await self.state(),
            orjson.dumps([document, operation, day], option=orjson.OPT_SORT_KEYS),
            orjson.dumps(variables, option=orjson.OPT_SORT_KEYS, default=str),
            repr(plain(viewer)).encode(),
        ]
        digest = sha256()
        for part in parts:
            digest.update(b"%d:" % len(part) + part)
        return digest.hexdigest()[:32]


def plain(value: Any) -> Any:
    """A viewer as something whose text is the same in every process: sets have no order."""
    if is_dataclass(value) and not isinstance(value, type):
        return [(each.name, plain(getattr(value, each.name))) for each in fields(value)]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, Mapping):
        return sorted((str(key), plain(each)) for key, each in value.items())
    return str(value) if isinstance(value, str) else value
