"""W1 on autogen-core: one routed agent per key on its single-threaded runtime.

usage: autogen.py AGENTS RUNS
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


@dataclass
class Words:
    content: str


async def lookup(key: str) -> str:
    return f"value-of-{key}"


TOOL = FunctionTool(lookup, description="Looks a key up.")


async def model(turns: list[dict]) -> dict:
    await asyncio.sleep(0)
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


async def main(agents: int, runs: int) -> None:
    runtime = SingleThreadedAgentRuntime(ignore_unhandled_exceptions=False)
    await Worker.register(runtime, "worker", Worker)
    runtime.start()
    rates = []
    for run in range(runs):

        async def one(number: int) -> None:
            answer = await runtime.send_message(Words(f"look up {number}"), AgentId("worker", f"{run}-{number}"))
            assert answer.content == f"final: value-of-{number}", answer

        began = time.perf_counter()
        await asyncio.gather(*[one(number) for number in range(agents)])
        rates.append(agents / (time.perf_counter() - began))
    print(json.dumps({"loops_s": statistics.median(rates)}))


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
