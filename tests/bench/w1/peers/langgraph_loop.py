"""W1 on LangGraph: a StateGraph with a model node and a tool node; with a file, its SQLite checkpointer keeps each
step there, as it comes from its makers (write-ahead log, `synchronous` as SQLite has it by default: FULL).

usage: langgraph_loop.py AGENTS RUNS DELAY_MS IN_FLIGHT [FILE]
"""
import asyncio
import json
import operator
import os
import statistics
import sys
import time
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph

AGENTS, RUNS, DELAY_MS, IN_FLIGHT = (int(word) for word in sys.argv[1:5])
FILE = sys.argv[5] if len(sys.argv) > 5 else None


class State(TypedDict):
    turns: Annotated[list, operator.add]


async def model(state: State) -> dict:
    await asyncio.sleep(DELAY_MS / 1000)
    last = state["turns"][-1]
    if last["role"] == "tool":
        return {"turns": [{"role": "assistant", "content": "final: " + last["content"]}]}
    call = json.dumps({"key": last["content"].split()[-1]})
    return {"turns": [{"role": "assistant", "content": "", "call": call}]}


async def tool(state: State) -> dict:
    key = json.loads(state["turns"][-1]["call"])["key"]
    return {"turns": [{"role": "tool", "content": f"value-of-{key}"}]}


def graph() -> StateGraph:
    made = StateGraph(State)
    made.add_node("model", model)
    made.add_node("tool", tool)
    made.add_edge(START, "model")
    made.add_conditional_edges("model", lambda state: "tool" if "call" in state["turns"][-1] else END)
    made.add_edge("tool", "model")
    return made


async def measured(compiled) -> dict:
    rates, p99s = [], []
    for run in range(RUNS):
        room = asyncio.Semaphore(IN_FLIGHT)
        began = time.perf_counter()

        async def one(number: int) -> float:
            asked = {"turns": [{"role": "user", "content": f"look up {number}"}]}
            async with room:
                state = await compiled.ainvoke(asked, {"configurable": {"thread_id": f"{run}-{number}"}})
            assert state["turns"][-1]["content"] == f"final: value-of-{number}", state
            return time.perf_counter() - began

        times = sorted(await asyncio.gather(*[one(number) for number in range(AGENTS)]))
        rates.append(AGENTS / (time.perf_counter() - began))
        p99s.append(1000 * times[round(0.99 * (AGENTS - 1))])
    return {"loops_s": statistics.median(rates), "p99_ms": statistics.median(p99s)}


async def main() -> None:
    if FILE is None:
        print(json.dumps(await measured(graph().compile())))
        return
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    for end in ("", "-wal", "-shm"):
        if os.path.exists(FILE + end):
            os.remove(FILE + end)
    async with AsyncSqliteSaver.from_conn_string(FILE) as saver:
        await saver.setup()
        told = await measured(graph().compile(checkpointer=saver))
        async with saver.conn.execute("SELECT count(*) FROM checkpoints") as rows:
            (kept,) = await rows.fetchone()
    assert kept >= AGENTS * RUNS, f"{kept} checkpoints of {AGENTS * RUNS} loops"
    print(json.dumps({**told, "kept_a_loop": kept / (AGENTS * RUNS)}))


asyncio.run(main())
