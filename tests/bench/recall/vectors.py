"""Other ways to find the vectors next to a question: numpy, sqlite-vec, usearch. One line of JSON for each.

usage: vectors.py VECTORS QUESTIONS NUMBERS TOP WARM
Both files are little-endian f32, one vector after another, each of length 1. One thread, as the bench's own scan has.
"""

import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import apsw  # noqa: E402
import numpy as np  # noqa: E402
import sqlite_vec  # noqa: E402
import usearch.index  # noqa: E402


def main() -> None:
    numbers, top, warm = (int(word) for word in sys.argv[3:6])
    vectors = np.fromfile(sys.argv[1], dtype="<f4").reshape(-1, numbers)
    questions = np.fromfile(sys.argv[2], dtype="<f4").reshape(-1, numbers)
    exact = by_numpy(vectors, questions, top, warm)
    by_usearch(vectors, questions, top, warm, exact)
    by_sqlite_vec(vectors, questions, top, warm, exact)


def by_numpy(vectors, questions, top, warm):
    def ask(question):
        likeness = vectors @ question
        return set(np.argpartition(-likeness, top)[:top].tolist())

    return tell("numpy, every vector", questions, warm, ask, None)


def by_usearch(vectors, questions, top, warm, exact):
    index = usearch.index.Index(ndim=vectors.shape[1], metric="cos", dtype="f32")
    began = time.perf_counter()
    index.add(np.arange(len(vectors)), vectors)
    built = time.perf_counter() - began

    def ask(question):
        return {int(key) for key in index.search(question, top).keys}

    tell("usearch, a graph of near ones", questions, warm, ask, exact, built_s=round(built, 1))


def by_sqlite_vec(vectors, questions, top, warm, exact):
    connection = apsw.Connection(":memory:")
    connection.enable_load_extension(True)
    connection.load_extension(sqlite_vec.loadable_path())
    numbers = vectors.shape[1]
    connection.execute(f"CREATE VIRTUAL TABLE v USING vec0(e float[{numbers}] distance_metric=cosine)")
    began = time.perf_counter()
    with connection:
        rows = ((at, vector.tobytes()) for at, vector in enumerate(vectors))
        connection.executemany("INSERT INTO v (rowid, e) VALUES (?, ?)", rows)
    built = time.perf_counter() - began

    def ask(question):
        asked = "SELECT rowid FROM v WHERE e MATCH ? AND k = ?"
        return {row[0] for row in connection.execute(asked, (question.tobytes(), top))}

    tell("sqlite-vec, vec0", questions, warm, ask, exact, built_s=round(built, 1))


def tell(name, questions, warm, ask, exact, **more):
    """Asks every question; the first ones warm up. Tells the times and how many of the exact ones were found."""
    found, times = [], []
    for question in questions:
        began = time.perf_counter()
        found.append(ask(question))
        times.append(time.perf_counter() - began)
    times = sorted(times[warm:])
    said = {
        "name": name,
        "p50_ms": times[len(times) // 2] * 1e3,
        "p99_ms": times[min(len(times) - 1, int(len(times) * 0.99))] * 1e3,
        **more,
    }
    if exact is not None:
        hits = sum(len(one & other) for one, other in zip(found, exact))
        said["found"] = hits / sum(len(one) for one in exact)
    print(json.dumps(said), flush=True)
    return found


main()
