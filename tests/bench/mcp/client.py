"""The official Python client: calls one tool of a server again and again, over its standard streams.

usage: client.py CALLS WARM CHARS COMMAND [ARGUMENT …]; one line of JSON.
"""

import asyncio
import json
import logging
import sys
import time

from mcp import Client, StdioServerParameters


async def main() -> None:
    calls, warm, chars = (int(word) for word in sys.argv[1:4])
    server = StdioServerParameters(command=sys.argv[4], args=sys.argv[5:])
    arguments = {"text": "x" * chars}
    times = []
    async with Client(server) as client:
        for _ in range(warm + calls):
            began = time.perf_counter()
            result = await client.call_tool("echo", arguments)
            times.append(time.perf_counter() - began)
            assert result.structured_content == arguments, result
    times = sorted(times[warm:])
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(json.dumps({"p50_us": p50 * 1e6, "p99_us": p99 * 1e6}), flush=True)


logging.disable(logging.CRITICAL)
asyncio.run(main())
