"""`python -m bench.notifier [latency | throughput | backlog] [--quick] [--workers=N]`; all of them without a word."""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from bench.notifier import system, throughput
from bench.notifier.deals import deals_of
from bench.notifier.hops import hops_of, told_at_each_hop
from bench.notifier.lease import plan_of_a_claim
from bench.notifier.system import a_sink, a_system, backlog, people

CONNECTIONS = 4
QUICK = "--quick" in sys.argv
WORKERS = next((int(each.partition("=")[2]) for each in sys.argv if each.startswith("--workers=")), 1)
ROUNDS = 2 if QUICK else 3
EVENTS = 500 if QUICK else 1500
MAILS = 900 if QUICK else 3000
BACKLOG_SECONDS = 30 if QUICK else 120


async def latency(folder: Path, events: int = EVENTS, per_second: int = 50) -> None:
    """From right before the event's commit in deals' database to the sink's 250, at a steady rate."""
    async with (
        a_sink(folder, 0) as sink,
        a_system(folder, sink, CONNECTIONS) as (works, postgres),
        deals_of(works, postgres) as told_by,
    ):
        author, told = await people(works.house)
        workers = [await works.start("worker") for _ in range(WORKERS)]
        try:
            await told_by.commit_many(author, told, 20, 10)  # warms up
            await sink.reaches(60)
            before = system.cpu_by_program()
            committed = await told_by.commit_many(author, told, events, per_second)
            await sink.reaches(60 + events * 3)
            spent = {name: seconds - before.get(name, 0.0) for name, seconds in system.cpu_by_program().items()}
        finally:
            await asyncio.gather(*map(system.stop, workers))
        hops = await hops_of(works.house, told_by, committed, sink.taken())
    waits = [each.taken - each.committed for each in hops]
    cuts = quantiles(waits, n=100)
    rate = f"{events} events x 3 at {per_second} events/s, {WORKERS} worker(s)"
    print(f"latency, {rate}: p50 {cuts[49]:.3f} s, p95 {cuts[94]:.3f} s, p99 {cuts[98]:.3f} s, max {max(waits):.3f} s")
    print(f"  after the commit, by median: {told_at_each_hop(hops)}")
    told_by_program = ", ".join(f"{name} {seconds * 1000 / len(waits):.2f}" for name, seconds in spent.items())
    together = sum(spent.values()) * 1000 / len(waits)
    print(f"  ms of CPU a mail: {together:.2f} ({told_by_program}); load {os.getloadavg()[0]:.1f}")


async def rates(folder: Path, mails: int = MAILS) -> None:
    """Bare aiosmtplib and the notifier in turn, at sinks that answer after so many milliseconds, and at aiosmtpd."""
    for kind, delay_ms in (("aiosmtpd", 0), ("", 0), ("", 5), ("", 20), ("", 50)):
        ours, bare = [], []
        async with a_sink(folder, delay_ms, kind) as sink, a_system(folder, sink, CONNECTIONS) as (works, _):
            for _ in range(ROUNDS):
                await backlog(works.house, mails // 3)
                ours.append(await throughput.notifier(works, sink, mails))
                bare.append(await throughput.bare(sink, folder, CONNECTIONS, mails))
        ratio = median(each.mails for each in ours) / median(each.mails for each in bare)
        sink_name = kind or "quick sink"
        print(f"{sink_name} answering after {delay_ms} ms, {CONNECTIONS} connections; load {os.getloadavg()[0]:.1f}")
        for name, rates in (("aiosmtplib", bare), ("notifier", ours)):
            told = ", ".join(f"{rate.mails:.0f}" for rate in rates)
            print(f"  {name}: {told} mails/s, {median(rate.cpu_ms for rate in rates):.2f} ms CPU a mail")
        print(f"  ratio of the medians {ratio:.2f}")


async def memory(folder: Path, mails: int = 1_000_000, seconds: int = BACKLOG_SECONDS) -> None:
    """The worker's memory with so many mails waiting."""
    async with a_sink(folder, 0) as sink, a_system(folder, sink, CONNECTIONS) as (works, _):
        await backlog(works.house, mails // 3)
        print(f"backlog of {mails}: a claim of 68: {await plan_of_a_claim(works.house)}", flush=True)
        process = await works.start("worker")
        samples = []
        try:
            await sink.reaches(100)
            began, before = time.monotonic(), len(sink.taken())
            for _ in range(seconds // 5):
                samples.append(system.rss_mb(process.pid))
                await asyncio.sleep(5)
            rate = (len(sink.taken()) - before) / (time.monotonic() - began)
        finally:
            await system.stop(process)
    first, most, last = samples[0], max(samples), samples[-1]
    print(f"backlog of {mails}: worker RSS {first:.0f} MB at first, {most:.0f} at most, {last:.0f} at last")
    print(f"  {rate:.0f} mails/s meanwhile; load {os.getloadavg()[0]:.1f}")


async def _main(which: list[str]) -> None:
    parts = {"latency": latency, "throughput": rates, "backlog": memory}
    for name in which or parts:
        with tempfile.TemporaryDirectory(prefix="bench-notifier-") as folder:
            await parts[name](Path(folder))


if __name__ == "__main__":
    asyncio.run(_main([each for each in sys.argv[1:] if not each.startswith("--")]))
