"""Makes a model folder, as the product reads one, of the vectors that a package of the registry ships.

python model_folder.py FOLDER
"""
import json
import pathlib
import shutil
import struct
import sys
from importlib.util import find_spec

package = pathlib.Path(find_spec("wordllama").origin).parent
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

vectors = (package / "weights" / "l2_supercat_256.safetensors").read_bytes()
(length,) = struct.unpack("<Q", vectors[:8])
header = json.loads(vectors[8 : 8 + length])
renamed = json.dumps({"embeddings": header["embedding.weight"]}).encode()
(folder / "model.safetensors").write_bytes(struct.pack("<Q", len(renamed)) + renamed + vectors[8 + length :])
shutil.copy(package / "tokenizers" / "l2_supercat_tokenizer_config.json", folder / "tokenizer.json")
(folder / "config.json").write_text(json.dumps({"normalize": True}))
