"""Errors say what and the remedy, and stay whole on their way between processes."""

import pickle

from eldercare.kit.errors import Conflict


def test_an_error_crosses_processes_whole() -> None:
    error = Conflict("STALE", "Somebody was faster.", remedy="Read it again.", path=("version",))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), vars(again)) == (Conflict, vars(error))


def test_an_error_reads_as_code_sentence_and_remedy() -> None:
    assert (
        str(Conflict("STALE", "Somebody was faster.", remedy="Read again."))
        == "STALE: Somebody was faster. Read again."
    )
