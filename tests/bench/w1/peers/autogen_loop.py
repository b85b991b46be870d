"""W1 on autogen-core: one routed agent per key on its single-threaded runtime.

usage: autogen_loop.py AGENTS RUNS DELAY_MS IN_FLIGHT
"""
import asyncio
import json
import logging
import statistics
import sys
import time
from dataclasses import dataclass

from autogen_core import (
    AgentId,
    CancellationToken,
    MessageContext,
    RoutedAgent,
    SingleThreadedAgentRuntime,
    message_handler,
)
from autogen_core.tools import FunctionTool

logging.disable(logging.CRITICAL)

AGENTS, RUNS, DELAY_MS, IN_FLIGHT = (int(word) for word in sys.argv[1:5])


@dataclass
class Words:
    content: str


async def lookup(key: str) -> str:
    return f"value-of-{key}"


TOOL = FunctionTool(lookup, description="Looks a key up.")


async def model(turns: list[dict]) -> dict:
    await asyncio.sleep(DELAY_MS / 1000)
    last = turns[-1]
    if last["role"] == "tool":
        return {"role": "assistant", "content": "final: " + last["content"]}
    return {"role": "assistant", "content": "", "call": json.dumps({"key": last["content"].split()[-1]})}


class Worker(RoutedAgent):
    def __init__(self) -> None:
        super().__init__("worker")

    @message_handler
    async def on(self, message: Words, ctx: MessageContext) -> Words:
        turns = [{"role": "user", "content": message.content}]
        while True:
            reply = await model(turns)
            turns.append(reply)
            if "call" not in reply:
                return Words(reply["content"])
            result = await TOOL.run_json(json.loads(reply["call"]), CancellationToken())
            turns.append({"role": "tool", "content": TOOL.return_value_as_string(result)})


async def main() -> None:
    runtime = SingleThreadedAgentRuntime(ignore_unhandled_exceptions=False)
    await Worker.register(runtime, "worker", Worker)
    runtime.start()
    rates, p99s = [], []
    for run in range(RUNS):
        room = asyncio.Semaphore(IN_FLIGHT)
        began = time.perf_counter()

        async def one(number: int) -> float:
            async with room:
                answer = await runtime.send_message(Words(f"look up {number}"), AgentId("worker", f"{run}-{number}"))
            assert answer.content == f"final: value-of-{number}", answer
            return time.perf_counter() - began

        times = sorted(await asyncio.gather(*[one(number) for number in range(AGENTS)]))
        rates.append(AGENTS / (time.perf_counter() - began))
        p99s.append(1000 * times[round(0.99 * (AGENTS - 1))])
    print(json.dumps({"loops_s": statistics.median(rates), "p99_ms": statistics.median(p99s)}))


asyncio.run(main())
