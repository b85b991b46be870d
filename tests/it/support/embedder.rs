//! A model that embeds on this machine, of four words and two directions, in its format's own three files.
//!
//! Never here: a model that knows what words mean (`discovery`).

use std::{fs, path::PathBuf};

use serde_json::json;

use super::Home;

/// Writes the model into a folder of the home, and says where.
pub(crate) fn small_embedder(home: &Home) -> PathBuf {
    let folder = home.at("embedder");
    fs::create_dir(&folder).unwrap();
    let words = json!({ "[UNK]": 0, "cold": 1, "brew": 2, "post": 3 });
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": { "type": "Lowercase" }, "pre_tokenizer": { "type": "Whitespace" },
        "post_processor": null, "decoder": null,
        "model": { "type": "WordLevel", "vocab": words, "unk_token": "[UNK]" },
    });
    home.write("embedder/tokenizer.json", tokenizer.to_string());
    home.write(
        "embedder/config.json",
        json!({ "normalize": true }).to_string(),
    );
    let numbers: [f32; 8] = [0.1, 0.1, 1.0, 0.0, 0.9, 0.1, 0.0, 1.0];
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    let layout = json!({ "embeddings": { "dtype": "F32", "shape": [4, 2], "data_offsets": [0, bytes.len()] } });
    let layout = layout.to_string();
    let mut file = (layout.len() as u64).to_le_bytes().to_vec();
    file.extend(layout.as_bytes());
    file.extend(bytes);
    home.write("embedder/model.safetensors", file);
    folder
}
