"""Time for the local cloud: a clock, a heap of timers and one loop that runs everything in order.

`RealTimeline` follows the wall clock (scaled by `speed`) on one scheduler thread; `VirtualTimeline` has no
thread: its clock jumps to the next timer whenever nothing else can run. Both fire timers in the order of
(time, call order), so what a run does under one clock it does under the other.

Times are epoch seconds. `call_at`, `call_soon` and `submit` may be called from any thread.
"""

from localcloud.stepfunctions.timeline.port import Timeline, Timer
from localcloud.stepfunctions.timeline.real import RealTimeline
from localcloud.stepfunctions.timeline.virtual import VirtualTimeline

__all__ = ["RealTimeline", "Timeline", "Timer", "VirtualTimeline"]
