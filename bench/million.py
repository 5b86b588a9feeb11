"""What the desk costs with a million messages stored, beside what it costs with hardly any."""

import math
import statistics
import time
from contextlib import ExitStack
from urllib.parse import quote

from postgres import Postgres
from server import Client, Server

MESSAGES = 1_000_000
CALLS = 200
PAGE_MS_MAX, SEARCH_MS_MAX, COST_MAX = 50, 200, 1.3
# Asked for again and again, so that nearly every conversation has them; and once.
WORDS = ["基金", "银行卡", "parcel", "bank card", "退款 到账", "warranty"]
RARE = "zanzibar"


def million_sqlite(folder):
    """Lists, threads, search and new messages over SQLite."""
    return measure(folder, None)


def million_postgres(folder):
    """The same over PostgreSQL."""
    with Postgres("attune_bench_full") as database:
        return measure(folder, database)


def measure(folder, database):
    with ExitStack() as stack:
        full = stack.enter_context(Server(f"{folder}/full", database))
        client = Client.owner(full)
        stored = fill(full, client)
        pages = {"list_ms": time_lists(client), "thread_ms": time_threads(client), "search_ms": time_search(client)}
        other = database and stack.enter_context(Postgres("attune_bench_empty"))
        empty = stack.enter_context(Server(f"{folder}/empty", other))
        # One warms up as long as the other.
        costs = [(cost(empty), cost(full)) for _ in range(4)][1:]
    cost_empty, cost_full = map(statistics.median, zip(*costs))
    ratio = cost_full / cost_empty
    slowest = max(pages["list_ms"]["p95"], pages["thread_ms"]["p95"])
    return {
        "messages": stored, **pages, "page_p95_ms_max": PAGE_MS_MAX, "search_p95_ms_max": SEARCH_MS_MAX,
        "cpu_us_per_message": {"empty": round(cost_empty * 1e6, 1), "full": round(cost_full * 1e6, 1)},
        "cost_ratio": round(ratio, 3), "cost_ratio_max": COST_MAX,
        "ok": slowest <= PAGE_MS_MAX and pages["search_ms"]["p95"] <= SEARCH_MS_MAX and ratio <= COST_MAX,
    }


def fill(server, owner):
    """Half in long threads, half in the conversations of a usual length; waits until search has them."""
    stored = 0
    while stored < MESSAGES / 2:
        stored += 2 * server.simulate("--closed-loop", 256, "--duration", 10)["messages_acked"]
    while stored < MESSAGES:
        report = server.simulate("--sessions-per-second", 400, "--duration", 20, "--timeout-ms", 60_000)
        stored += 2 * report["messages_acked"]
    visitor = Client.visitor(server)
    text = {"client_id": "6f3c1d1e-4a0b-4f5e-9d77-2f1f6a4b8c01", "text": f"Do you deliver to {RARE}?"}
    visitor.call("POST", "/visitor/messages", text)
    while not owner.call("GET", f"/search?q={RARE}")["items"]:
        time.sleep(1)
    return stored


def time_lists(client):
    """Pages of conversations in one state and in any, the deep ones too."""
    times = []
    for status in ("status=bot&", ""):
        after = ""
        for _ in range(CALLS // 2):
            page = timed(times, client, f"/conversations?{status}limit=50{after}")
            after = f"&after={page['next']}" if page["next"] else ""
    return summary(times)


def time_threads(client):
    """Pages of messages from the end of a thread to its beginning, of many threads."""
    times, after = [], ""
    while len(times) < CALLS:
        page = client.call("GET", f"/conversations?status=bot&limit=20{after}")
        after = f"&after={page['next']}"
        for conversation in page["items"]:
            before = ""
            for _ in range(3):
                thread = timed(times, client, f"/conversations/{conversation['id']}/messages?limit=50{before}")
                if not thread["items"]:
                    break
                before = f"&before={min(message['seq'] for message in thread['items'])}"
    return summary(times)


def time_search(client):
    """Words that are everywhere, a word that is nowhere but in one place, and a few pages of each."""
    times = []
    for word in [*WORDS, RARE]:
        after = ""
        for _ in range(CALLS // (len(WORDS) + 1)):
            page = timed(times, client, f"/search?q={quote(word)}{after}")
            after = f"&after={quote(page['next'])}" if page["next"] else ""
    return summary(times)


def timed(times, client, path):
    began = time.perf_counter()
    answer = client.call("GET", path)
    times.append((time.perf_counter() - began) * 1000)
    return answer


def summary(times):
    ordered = sorted(times)
    at = lambda share: round(ordered[math.ceil(share * len(ordered)) - 1], 2)
    return {"calls": len(ordered), "p50": at(0.5), "p95": at(0.95), "max": at(1)}


def cost(server):
    """Processor seconds of server and database for each message."""
    report = server.simulate("--sessions-per-second", 150, "--duration", 10)
    spent = report["server_cpu_seconds"] + report.get("database_cpu_seconds", 0)
    return spent / (2 * report["messages_acked"])
