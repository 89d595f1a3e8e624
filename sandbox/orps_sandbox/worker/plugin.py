"""The pytest plugin that selects the cases, watches them and reports on them."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

# `pytest.DoctestItem` is newer than the versions that are still in use.
from _pytest.doctest import DoctestItem

from orps_sandbox.worker import docstrings, events, limits, lines, usage
from orps_sandbox.worker.canaries import plant
from orps_sandbox.worker.excerpt import excerpt
from orps_sandbox.worker.repeating import repeat
from orps_sandbox.worker.reporter import Reporter
from orps_sandbox.worker.screening import screen
from orps_sandbox.worker.split import direct
from orps_sandbox.worker.split.direct import DirectCalls
from orps_sandbox.worker.verdict import (
    CRASH,
    FAILED,
    MEMORY,
    PASSED,
    SKIPPED,
    TIMEOUT,
    CaseTimeout,
    Verdict,
    skip_reason,
    skipped_by_candidate,
    status_of_failure,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from orps_sandbox.worker.request import RunRequest
    from orps_sandbox.worker.split.judge import Judge
    from orps_sandbox.worker.standby import Standby


_LATER_SECONDS = 0.2


class CasePlugin:
    """Registered as `pytest.main(plugins=[...])`, so no user file has to know it."""

    def __init__(
        self,
        request: RunRequest,
        reporter: Reporter,
        *,
        leave: Callable[[int], NoReturn],
        judge: Judge | None = None,
        standby: Standby | None = None,
    ) -> None:
        self._request = request
        self._reporter = reporter
        self._leave = leave
        self._judge = judge
        """Set where the candidate runs in a process of its own."""
        self._standby = standby
        """Set where collecting serves many runs, each a fork of this process."""
        self._session: pytest.Session | None = None
        self._verdict: Verdict | None = None
        self._n_timeouts = 0
        self._events = events.Counter()
        self._lines: set[int] | None = None
        self._files = frozenset(
            str(Path(request.copy_root, name)) for name in request.files
        )

    # Collecting ---------------------------------------------------------------

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session
        # Until here pytest has set up its terminal report on a throw-away stream;
        # from here on, what the tests print goes to the run's output.
        limits.use_real_output()
        if self._judge is not None:
            self._judge.guard.begin()

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        if collector.nodeid:
            self._reporter.send("collecting", where=collector.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            message = excerpt(report.longreprtext, copy_root=self._request.copy_root)
            self._reporter.send("problem", where=report.nodeid, message=message)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        kept: dict[str, pytest.Item] = {}
        for item in items:
            if self._is_wanted(item):
                kept.setdefault(item.nodeid, item)
        collected, items[:] = items[:], kept.values()
        if self._request.canaries:
            planted = plant(items, self._request.canaries, collected=collected)
            self._reporter.send("planted", ids=planted)

    def _is_wanted(self, item: pytest.Item) -> bool:
        cases = self._request.case_ids
        if self._standby is None and cases is not None and item.nodeid not in cases:
            return False
        if isinstance(item, DoctestItem):
            return docstrings.entry_of(item, self._request.selection) is not None
        return self._request.selection.wants(item.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if self._standby is not None:
            calls = self._become_a_fork(self._standby, session)
            if calls is not None:
                self._reporter.hold("begin", **usage.own_usage())
                calls.judge_all()
                self._leave(0)
        if self._request.screening is not None:
            self._reporter.send("begin", **usage.own_usage())
            screening = self._request.screening
            screen(session.items, self._request, screening, self._reporter)
            return True
        if self._request.case_ids is not None:
            self._reporter.send("begin", **usage.own_usage())
            return None
        doctests = [i for i in session.items if isinstance(i, DoctestItem)]
        self._reporter.send(
            "collected",
            case_ids=[item.nodeid for item in session.items],
            docstrings=docstrings.texts(doctests, self._request.selection),
            address_space_bytes=usage.address_space_bytes(),
        )
        if self._request.repeats:
            words = repeat(
                session.items,
                self._request.repeats,
                case_seconds=self._request.case_seconds,
            )
            self._reporter.send("repeated", words=words)
        return True

    def _become_a_fork(
        self, standby: Standby, session: pytest.Session
    ) -> DirectCalls | None:
        """Serve; go on in each fork with the candidate of its order, and the cases.

        Or with calls, if the order is to judge these.
        """
        if not session.items:
            standby.refuse("no case is collected")
        judge = self._judge
        assert judge is not None
        order = standby.forks(self._rehearse)
        request = self._request = order.request
        assert request.splitting is not None
        wanted = request.case_ids or frozenset()
        session.items[:] = [item for item in session.items if item.nodeid in wanted]
        self._reporter.hold("born", **usage.own_usage())
        calls = None
        try:
            if request.splitting.calls:
                calls = DirectCalls(request, judge, self._reporter)
            judge.connect(
                order.link,
                request.splitting.sources,
                case_seconds=request.case_seconds,
                before_waiting=self._reporter.flush,
            )
            if calls is not None:
                calls.begin()
            judge.finish_loading()
        except BaseException as error:  # noqa: BLE001 - all that an import can raise
            # Where and how this shows is pytest's to say, while it collects.
            standby.refuse(f"the candidate does not load: {type(error).__name__}")
        return calls

    def _rehearse(self) -> None:
        assert self._judge is not None
        self._judge.rehearse()
        direct.rehearse()
        Reporter(0, "").hold("case", **usage.own_usage())

    # Running ------------------------------------------------------------------

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._verdict = Verdict(nodeid)
        self._verdict.lines = self._lines
        self._reporter.send("start", id=nodeid)
        if self._judge is not None:
            self._judge.start_case()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None]:
        with self._alarm(), self._traced(), self._counted():
            yield

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self) -> Generator[None]:
        verdict = self._verdict
        if verdict is not None:
            verdict.start_call()
        yield
        if verdict is not None:
            verdict.end_call()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None]:
        error = None if call.excinfo is None else call.excinfo.value
        with limits.headroom(isinstance(error, MemoryError)):
            outcome = yield
            report: pytest.TestReport = outcome.get_result()  # type: ignore[attr-defined]
            # pytest's own unittest support replaces the error while it reports.
            error = None if call.excinfo is None else call.excinfo.value
            report.orps_status = self._status(item, report, error)  # type: ignore[attr-defined]
            report.orps_trace = getattr(error, "_orps_trace", "")  # type: ignore[attr-defined]

    def _status(
        self, item: pytest.Item, report: pytest.TestReport, error: BaseException | None
    ) -> str:
        if report.passed:
            return PASSED
        if report.failed:
            return status_of_failure(report.when or "", error)
        case = getattr(item, "function", None)
        if skipped_by_candidate(error, files=self._files, case=case):
            return FAILED
        return SKIPPED

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        verdict = self._verdict
        if verdict is None:
            return
        # Sub-tests come as reports of their own, which no phase has judged.
        status = getattr(report, "orps_status", FAILED)
        if report.failed and status == PASSED:
            status = FAILED
        verdict.add(report.when, status, self._message(report, status))

    def _message(self, report: pytest.TestReport, status: str) -> str:
        if status == PASSED:
            return ""
        if report.skipped and status == FAILED:
            return f"the code under test skipped the case: {skip_reason(report)}"
        if report.skipped:
            return skip_reason(report)
        trace: str = getattr(report, "orps_trace", "")
        text = with_trace(report.longreprtext, trace)
        return excerpt(text, copy_root=self._request.copy_root)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self) -> None:
        verdict = self._verdict
        if verdict is None:
            return
        if self._judge is not None and self._judge.timed_out:
            verdict.alarm_rang = True
        verdict.settle(case_seconds=self._request.case_seconds)
        self._reporter.send(
            "case",
            id=verdict.case_id,
            status=verdict.status,
            message=verdict.message,
            wall_seconds=verdict.wall_seconds,
            cpu_seconds=verdict.cpu_seconds,
            is_split=self._judge is not None and not self._judge.relies_on_candidate,
            lines=None if verdict.lines is None else sorted(verdict.lines),
        )
        self._verdict = None
        if self._judge is not None and self._judge.broken:
            # The next case gets a judge and a candidate that can still talk.
            self._judge.leave()
        self._n_timeouts += verdict.status == TIMEOUT
        if self._session and self._n_timeouts >= self._request.max_timeouts:
            self._session.shouldstop = "too many cases ran into their time limit"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """End the process here, since all is reported.

        pytest would spend as long again on summaries and on collecting garbage.
        """
        if self._request.count_events:
            self._reporter.send("events", n=self._events.n)
        if exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} or (
            # A run without cases shows what all but the cases costs.
            self._request.case_ids == frozenset()
        ):
            self._leave(int(exitstatus))

    def pytest_internalerror(
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> None:
        """Report what was raised between phases, where pytest catches nothing."""
        status, message = CRASH, f"broke pytest: {excinfo.exconly()}"
        if isinstance(excinfo.value, CaseTimeout):
            status = TIMEOUT
            message = f"took longer than {self._request.case_seconds:g} s"
        elif isinstance(excinfo.value, MemoryError):
            status, message = MEMORY, excinfo.exconly()
        with limits.headroom(status == MEMORY):
            message = excerpt(message, copy_root=self._request.copy_root)
            self._reporter.send("internal", status=status, message=message)

    @contextmanager
    def _traced(self) -> Generator[None]:
        if not self._request.trace_lines:
            yield
            return
        with lines.traced(self._files) as seen:
            self._lines = seen
            yield

    @contextmanager
    def _counted(self) -> Generator[None]:
        if not self._request.count_events:
            yield
            return
        with events.counted(self._files, self._events):
            yield

    @contextmanager
    def _alarm(self) -> Generator[None]:
        """Interrupt the case at its limit; what survives that is killed from outside."""
        if not hasattr(signal, "setitimer"):
            yield
            return

        def ring(_signal: int, _frame: FrameType | None) -> None:
            __tracebackhide__ = True
            if self._verdict is not None:
                self._verdict.alarm_rang = True
            raise CaseTimeout

        signal.signal(signal.SIGALRM, ring)
        seconds = self._request.case_seconds
        if self._judge is not None:
            # The candidate's own alarm comes first, and shows where it was.
            seconds += _LATER_SECONDS
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def with_trace(text: str, trace: str) -> str:
    """Add where the candidate raised, as if it had done so below the test."""
    lines = text.splitlines()
    error = next(
        (n for n, line in enumerate(lines) if line.startswith("E ")), len(lines)
    )
    return "\n".join([*lines[:error], *trace.splitlines(), *lines[error:]])


def options(request: RunRequest) -> list[str]:
    """Pytest's command line; options here win over the project's `addopts`."""
    copy_root = request.copy_root
    options = [
        *request.pytest_args,
        "-q",
        "--tb=short",
        "--color=no",
        "--capture=no",
        "--show-capture=no",
        "--maxfail=0",
        "--continue-on-collection-errors",
        f"--rootdir={copy_root}",
        f"--confcutdir={copy_root}",
        "-o",
        f"cache_dir={Path(os.environ['TMPDIR'], 'pytest-cache')}",
    ]
    if request.selection.doctests:
        options.append("--doctest-modules")
    return options
