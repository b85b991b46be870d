"""Records what Weaviate's own Python client sends for what memory does there.

The client talks to a listener on this machine that writes down every request and answers with messages that the
client's own generated classes encode. There is no Weaviate in it. README.md says how to run this.
"""

import datetime
import hashlib
import json
import pathlib
import sys
import threading
import uuid
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
import weaviate
from weaviate.classes.config import Configure, DataType, Property, Tokenization, VectorDistances
from weaviate.classes.data import DataObject
from weaviate.classes.query import Filter, HybridFusion, MetadataQuery
from weaviate.classes.tenants import Tenant
from weaviate.proto.v1 import batch_delete_pb2, batch_pb2, health_weaviate_pb2, properties_pb2, search_get_pb2

CLASS = "AgentMemory"
TENANT = "00000000-0000-4000-8000-0000000000aa"
AGENT = "00000000-0000-4000-8000-0000000000bb"
MEMORIES = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"]
VECTOR = [0.6, 0.8]
KEY = "w-1"
OUT = pathlib.Path(__file__).parent

rest, calls = [], []


def object_id(memory):
    """The id that Chimera gives a copy: the first half of a digest, as a UUID of version 8."""
    first = bytearray(hashlib.sha256(f"{AGENT}/{memory}".encode()).digest()[:16])
    first[6] = first[6] & 0x0F | 0x80
    first[8] = first[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(first))


def result(row, **metadata):
    fields = {"row": properties_pb2.Value(int_value=row)}
    properties = search_get_pb2.PropertiesResult(
        non_ref_props=properties_pb2.Properties(fields=fields), target_collection=CLASS
    )
    metadata["id"] = str(object_id(MEMORIES[row - 11]))
    return search_get_pb2.SearchResult(properties=properties, metadata=search_get_pb2.MetadataResult(**metadata))


def found(**metadata):
    results = [result(11, **{name: values[0] for name, values in metadata.items()})]
    results += [result(12, **{name: values[1] for name, values in metadata.items()})]
    return search_get_pb2.SearchReply(took=0.002, results=results)


def deleted(error):
    """What a server says of one object; a success carries an empty error."""
    own = object_id(MEMORIES[0]).bytes
    return batch_delete_pb2.BatchDeleteObject(uuid=own, successful=not error, error=error)


REPLIES = {
    "near_vector": found(distance=[0.1, 0.3], distance_present=[True, True]),
    "bm25": found(score=[1.5, 0.5], score_present=[True, True]),
    "hybrid": found(score=[0.0163, 0.0161], score_present=[True, True]),
    "insert": batch_pb2.BatchObjectsReply(took=0.001),
    "insert_refused": batch_pb2.BatchObjectsReply(
        took=0.001, errors=[batch_pb2.BatchObjectsReply.BatchError(index=1, error="invalid date property")]
    ),
    "delete": batch_delete_pb2.BatchDeleteReply(took=0.001, matches=1, successful=1, objects=[deleted("")]),
    "delete_refused": batch_delete_pb2.BatchDeleteReply(
        took=0.001, matches=1, failed=1, objects=[deleted("the shard is read-only")]
    ),
    "health": health_weaviate_pb2.WeaviateHealthCheckResponse(status="SERVING"),
}
current = "health"


class Rest(BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        rest.append({"method": self.command, "path": self.path, "body": body})
        answers = {"/v1/meta": {"version": "1.40.3"}, "/v1/schema": body}
        sent = json.dumps(answers.get(self.path, {})).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


class Rpc(grpc.GenericRpcHandler):
    def service(self, details):
        def handle(request, context):
            reply = REPLIES[current].SerializeToString()
            metadata = {entry.key: entry.value for entry in context.invocation_metadata()}
            metadata.pop("user-agent", None)
            calls.append((current, details.method, metadata, request, reply))
            return reply

        return grpc.unary_unary_rpc_method_handler(handle)


def text(name, tokenization):
    return Property(name=name, data_type=DataType.TEXT, tokenization=tokenization)


def work(client):
    """What memory does, in the client's own words."""
    global current
    field, word = Tokenization.FIELD, Tokenization.WORD
    client.collections.create(
        CLASS,
        vector_config=Configure.Vectors.self_provided(
            name="default",
            vector_index_config=Configure.VectorIndex.hnsw(distance_metric=VectorDistances.COSINE),
        ),
        multi_tenancy_config=Configure.multi_tenancy(
            enabled=True, auto_tenant_creation=True, auto_tenant_activation=True
        ),
        properties=[
            text("tenant_id", field),
            text("agent_id", field),
            text("memory_id", field),
            text("kind", field),
            text("content", word),
            Property(name="relevance_tags", data_type=DataType.TEXT_ARRAY, tokenization=word),
            Property(name="importance_score", data_type=DataType.INT),
            Property(name="timestamp", data_type=DataType.DATE),
            Property(name="row", data_type=DataType.INT),
        ],
    )
    collection = client.collections.use(CLASS)
    collection.tenants.create([Tenant(name=TENANT)])
    own = collection.with_tenant(TENANT)
    stamp = "2026-05-21T08:00:00.000000Z"

    def properties(at, content, tags):
        return {
            "tenant_id": TENANT,
            "agent_id": AGENT,
            "memory_id": MEMORIES[at],
            "kind": "fact",
            "content": content,
            "relevance_tags": tags,
            "importance_score": 50,
            "timestamp": stamp,
            "row": 11 + at,
        }

    objects = [
        DataObject(
            uuid=object_id(MEMORIES[0]),
            properties=properties(0, "Mist sells coffee.", ["weather", "sales"]),
            vector={"default": VECTOR},
        ),
        DataObject(uuid=object_id(MEMORIES[1]), properties=properties(1, "Rain does not.", [])),
    ]
    for current in ("insert", "insert_refused"):
        own.data.insert_many(objects)
    asked = {
        "filters": Filter.by_property("agent_id").equal(AGENT),
        "limit": 64,
        "return_properties": ["row"],
    }
    words = ["content", "relevance_tags"]
    current = "near_vector"
    own.query.near_vector(
        near_vector=VECTOR,
        target_vector="default",
        distance=0.8,
        return_metadata=MetadataQuery(distance=True),
        **asked,
    )
    current = "bm25"
    own.query.bm25(query="fog coffee", query_properties=words, return_metadata=MetadataQuery(score=True), **asked)
    current = "hybrid"
    own.query.hybrid(
        query="fog coffee",
        query_properties=words,
        vector=VECTOR,
        target_vector="default",
        alpha=0.5,
        fusion_type=HybridFusion.RANKED,
        max_vector_distance=0.8,
        return_metadata=MetadataQuery(score=True),
        **asked,
    )
    for current in ("delete", "delete_refused"):
        own.data.delete_many(
            where=Filter.by_id().equal(str(object_id(MEMORIES[0]))) & Filter.by_property("agent_id").equal(AGENT),
            verbose=True,
        )


def main():
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Rest)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers([Rpc()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    client = weaviate.connect_to_custom(
        http_host="127.0.0.1",
        http_port=listener.server_port,
        http_secure=False,
        grpc_host="127.0.0.1",
        grpc_port=port,
        grpc_secure=False,
        auth_credentials=weaviate.auth.AuthApiKey(KEY),
    )
    with client:
        work(client)
    server.stop(None)
    # Python answers 127.0.0.1 with a free port in every run; nothing of it belongs into a recording.
    kept = {one["path"]: one for one in rest if one["method"] == "POST"}
    told = {"client": f"weaviate-client {weaviate.__version__}", "rest": list(kept.values()), "grpc": []}
    for name, method, metadata, request, reply in calls:
        own = {key: value for key, value in metadata.items() if "127.0.0.1" not in value}
        told["grpc"].append(
            {"name": name, "method": method, "metadata": own, "request": request.hex(), "reply": reply.hex()}
        )
    (OUT / "client.json").write_text(json.dumps(told, indent=1) + "\n")
    print(weaviate.__version__, [name for name, *_ in calls], file=sys.stderr)


main()
