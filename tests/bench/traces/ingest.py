"""Phoenix takes in spans over OTLP/HTTP until its own file shows them all, and reads them back through its own API.

usage: ingest.py SPANS SPANS_OF_RUN BATCH READS FOLDER; one line of JSON.
"""

import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

WAIT_S = 300
TEXT = "Three grinders for under forty euros, and what a slower burr changes in the cup."


def main() -> None:
    spans, of_run, batch, reads = (int(word) for word in sys.argv[1:5])
    folder = sys.argv[5]
    port, grpc = free_port(), free_port()
    environment = {
        **os.environ,
        "PHOENIX_WORKING_DIR": folder,
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(grpc),
        "PHOENIX_TELEMETRY_ENABLED": "false",
    }
    program = [sys.executable, "-m", "phoenix.server.main", "serve"]
    server = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        measure(f"http://127.0.0.1:{port}", os.path.join(folder, "phoenix.db"), spans, of_run, batch, reads)
    finally:
        server.terminate()
        server.wait(30)


def measure(url, file, spans, of_run, batch, reads) -> None:
    until(lambda: ask(url, "{projects{edges{node{id}}}}"))
    bodies = [body(at, min(at + batch, spans), of_run) for at in range(0, spans, batch)]
    began = time.perf_counter()
    for sent in bodies:
        until(lambda sent=sent: post(url + "/v1/traces", sent, "application/x-protobuf"))
    accepted = time.perf_counter() - began
    until(lambda: kept(file) >= spans)
    readable = time.perf_counter() - began
    project = ask(url, "{projects{edges{node{id name}}}}")["projects"]["edges"][0]["node"]["id"]
    one = "query($id:ID!,$t:ID!){node(id:$id){...on Project{trace(traceId:$t){spans(first:100){edges{node{name spanId}}}}}}}"
    times = []
    for _ in range(reads):
        trace = trace_id(random.randrange(spans // of_run)).hex()
        began = time.perf_counter()
        found = ask(url, one, {"id": project, "t": trace})
        times.append(time.perf_counter() - began)
        assert len(found["node"]["trace"]["spans"]["edges"]) == of_run, found
    times.sort()
    print(json.dumps({
        "accepted_s": spans / accepted,
        "readable_s": spans / readable,
        "open_p50_ms": times[len(times) // 2] * 1e3,
        "open_p99_ms": times[int(len(times) * 0.99)] * 1e3,
    }))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def until(tried):
    """The first answer that is neither nothing nor a refusal."""
    end = time.monotonic() + WAIT_S
    while True:
        try:
            answer = tried()
            if answer is not None and answer is not False:
                return answer
        except (OSError, urllib.error.HTTPError, sqlite3.Error) as error:
            if time.monotonic() > end:
                raise error
        if time.monotonic() > end:
            raise TimeoutError("it did not come to an end")
        time.sleep(0.05)


def post(url, data, kind):
    request = urllib.request.Request(url, data=data, headers={"content-type": kind})
    return urllib.request.urlopen(request, timeout=60).read()


def ask(url, query, variables=None):
    sent = json.dumps({"query": query, "variables": variables or {}}).encode()
    answer = json.loads(post(url + "/graphql", sent, "application/json"))
    assert not answer.get("errors"), answer["errors"]
    return answer["data"]


def kept(file) -> int:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute("SELECT count(*) FROM spans").fetchone()[0]
    finally:
        connection.close()


def trace_id(run) -> bytes:
    return (run + 1).to_bytes(16, "big")


def body(first, end, of_run) -> bytes:
    request = ExportTraceServiceRequest()
    scope = request.resource_spans.add().scope_spans.add()
    now = time.time_ns()
    for at in range(first, end):
        run, place = divmod(at, of_run)
        span = scope.spans.add()
        span.trace_id = trace_id(run)
        span.span_id = (at + 1).to_bytes(8, "big")
        if place:
            span.parent_span_id = (run * of_run + 1).to_bytes(8, "big")
        span.name = "chat rehearsal-1"
        span.start_time_unix_nano = now + at * 1000
        span.end_time_unix_nano = now + at * 1000 + 500_000
        attributes = {
            "openinference.span.kind": "LLM",
            "llm.model_name": "rehearsal-1",
            "llm.token_count.prompt": 1_200,
            "llm.token_count.completion": 180,
            "session.id": str(run),
            "output.value": TEXT,
        }
        for name, value in attributes.items():
            attribute = span.attributes.add()
            attribute.key = name
            if isinstance(value, int):
                attribute.value.int_value = value
            else:
                attribute.value.string_value = value
    return request.SerializeToString()


main()
