"""A model's speed and peak memory, measured in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pourparler.instances import as_row
from pourparler.records import Instance

ROUNDS = 3
SCRIPT = r"""
import json, re, sys, time
from pathlib import Path
from pourparler.encoding import encode
from pourparler.stance import StanceModel
folder, rows = sys.argv[1], [json.loads(line) for line in open(sys.argv[2])]
model = StanceModel(Path(folder))
sentences = list(dict.fromkeys((r["sentence"], r["context"]) for r in rows))
seconds = []
for _ in range(int(sys.argv[3])):
    started = time.perf_counter()
    model.token_logits([encode(model.tokenizer, s, c.split("\n") if c else ()) for s, c in sentences])
    seconds.append(time.perf_counter() - started)
peak = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1)) / 1000
print(json.dumps({"pairs_per_second": len(rows) / min(seconds), "peak": peak}))
"""


def measure_speed(folder: Path, rows: Sequence[Instance]) -> tuple[float, float]:
    """Labelled pairs per second, the best of ROUNDS, and peak resident memory in megabytes.

    The peak is the process's own (VmHWM); getrusage would give that of the process it was forked from.
    One pass reads all actors of a sentence, so pairs per second is what users' articles see.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(as_row(r)) + "\n" for r in rows)
        file.flush()
        command = [sys.executable, "-c", SCRIPT, str(folder), file.name, str(ROUNDS)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    measured = json.loads(output)
    return float(measured["pairs_per_second"]), float(measured["peak"])
