"""`python -m bench.notifier [latency | throughput | backlog] [--quick]`; all of them without a word."""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from bench.notifier import system, throughput
from bench.notifier.system import a_sink, a_system, backlog, people
from chassis.identifiers import parse_id
from proto.deals.v1 import messages_pb2 as deals
from tests.notifier.house import an_event

CONNECTIONS = 4
QUICK = "--quick" in sys.argv
ROUNDS = 2 if QUICK else 3
EVENTS = 500 if QUICK else 1500
MAILS = 900 if QUICK else 3000
BACKLOG_SECONDS = 30 if QUICK else 120


async def latency(folder: Path, events: int = EVENTS, per_second: int = 50) -> None:
    """From the commit of the event's deliveries' message at the broker to the sink's 250, at a steady rate."""
    async with a_sink(folder, 0) as sink, a_system(folder, sink, CONNECTIONS) as works:
        author, told = await people(works.house)
        process = await works.start("worker")
        try:
            committed = await _tell(works, author, told, 20, 10)  # warms up
            await sink.reaches(60)
            committed = await _tell(works, author, told, events, per_second)
            await sink.reaches(60 + events * 3)
            cpu = system.cpu_seconds(process.pid)
        finally:
            await system.stop(process)
        rows = await works.house.rows("SELECT message_id, cause_id FROM delivery WHERE message_id IS NOT NULL")
        event_of = {row.message_id: row.cause_id for row in rows}
        waits = [mail.at - committed[event_of[mail.message_id]] for mail in sink.taken()[60:]]
    cuts = quantiles(waits, n=100)
    rate = f"{events} events x 3 at {per_second} events/s"
    print(f"latency, {rate}: p50 {cuts[49]:.3f} s, p95 {cuts[94]:.3f} s, p99 {cuts[98]:.3f} s, max {max(waits):.3f} s")
    print(f"  worker CPU {cpu * 1000 / len(sink.taken()):.1f} ms a mail; load {os.getloadavg()[0]:.1f}")


async def _tell(works, author, told, events: int, per_second: int):  # type: ignore[no-untyped-def]
    committed, began = {}, time.monotonic()
    for place in range(events):
        await asyncio.sleep(max(0.0, began + place / per_second - time.monotonic()))
        event = an_event(author, *told, title=f"Appel {place}")
        committed[parse_id("event", event.id)] = time.time()
        await works.publish(deals.EventCreated(event=event), "event", event.id)
    return committed


async def rates(folder: Path, mails: int = MAILS) -> None:
    """Bare aiosmtplib and the notifier in turn, at sinks that answer after 0, 5, 20 and 50 ms."""
    for delay_ms in (0, 5, 20, 50):
        ours, bare = [], []
        async with a_sink(folder, delay_ms) as sink, a_system(folder, sink, CONNECTIONS) as works:
            for _ in range(ROUNDS):
                await backlog(works.house, mails // 3)
                ours.append(await throughput.notifier(works, sink, mails))
                bare.append(await throughput.bare(sink, folder, CONNECTIONS, mails))
        ratio = median(each.mails for each in ours) / median(each.mails for each in bare)
        print(f"sink answering after {delay_ms} ms, {CONNECTIONS} connections; load {os.getloadavg()[0]:.1f}")
        for name, rates in (("aiosmtplib", bare), ("notifier", ours)):
            told = ", ".join(f"{rate.mails:.0f}" for rate in rates)
            print(f"  {name}: {told} mails/s, {median(rate.cpu_ms for rate in rates):.2f} ms CPU a mail")
        print(f"  ratio of the medians {ratio:.2f}")


async def memory(folder: Path, mails: int = 1_000_000, seconds: int = BACKLOG_SECONDS) -> None:
    """The worker's memory with so many mails waiting."""
    async with a_sink(folder, 0) as sink, a_system(folder, sink, CONNECTIONS) as works:
        await backlog(works.house, mails // 3)
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
