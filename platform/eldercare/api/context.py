"""What resolvers know of their request: who asks, on which day, the session, and answers that were read beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graphql import FragmentDefinitionNode, OperationDefinitionNode
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare.registry.audit import Through
from eldercare.security.principal import ANYBODY, Principal


@dataclass
class Context:
    """One request while its resolvers run; they run one after another in a thread of their own.

    `session` is opened at first use. A mutation's session is committed when the whole operation succeeded.
    `through` is what the audit trail keeps of the document, `people` are those whose data was shown. `services` are the application's own objects that resolvers need, by name.
    """

    engine: Engine
    today: date
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    viewer: Principal = ANYBODY
    services: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    failures: Mapping[str, Exception] = field(default_factory=dict)
    request_id: str = ""
    through: Through | None = None
    people: set[int] = field(default_factory=set)
    _session: Session | None = None

    @property
    def session(self) -> Session:
        """The request's session."""
        if self._session is None:
            reads = self.operation.operation.value != "mutation"
            engine = self.engine.execution_options(readonly=True) if reads else self.engine
            self._session = Session(engine, expire_on_commit=False)
        return self._session

    def close(self, *, commit: bool) -> None:
        """End the request's transaction."""
        if self._session is not None:
            try:
                if commit:
                    self._session.commit()
            finally:
                self._session.close()
                self._session = None
