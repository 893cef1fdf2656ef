from __future__ import annotations

from localcloud.stepfunctions import Later, TaskError, TaskOutcome


def test_later_ends_once() -> None:
    later = Later()
    ends: list[TaskOutcome | TaskError] = []
    later.watch(ends.append)
    later.complete(1)
    later.complete(2)
    later.fail("TooLate")
    assert [end.value for end in ends if isinstance(end, TaskOutcome)] == [1]


def test_a_watcher_that_comes_after_the_end_is_told_at_once() -> None:
    later = Later()
    ends: list[TaskOutcome | TaskError] = []
    later.fail("Broken", "why")
    later.watch(ends.append)
    assert isinstance(ends[0], TaskError)
    assert (ends[0].error, ends[0].cause) == ("Broken", "why")


def test_what_nobody_waits_for_any_more_is_cancelled_once() -> None:
    later = Later()
    cancelled: list[str] = []
    ends: list[TaskOutcome | TaskError] = []
    later.on_cancel(lambda: cancelled.append("first"))
    later.watch(ends.append)
    later.cancel()
    later.cancel()
    later.on_cancel(lambda: cancelled.append("late"))
    later.complete(1)
    assert (cancelled, ends) == (["first", "late"], [])


def test_an_error_reads_as_name_and_cause() -> None:
    assert (
        str(TaskError("Lambda.TooManyRequestsException", "slow down"))
        == "Lambda.TooManyRequestsException: slow down"
    )
