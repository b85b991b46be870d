//! The embedder from a folder: a tiny model that the test writes in the format's own three files.

use std::{fs, path::Path};

use chimera_domain::id::TenantId;
use serde_json::json;
use uuid::Uuid;

use crate::{Embedder, FolderEmbedder};

/// Writes a model of four words and two directions: fog and mist the one, coffee the other.
fn model(folder: &Path) {
    let vocabulary = json!({"[UNK]": 0, "fog": 1, "mist": 2, "coffee": 3});
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    });
    fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    fs::write(
        folder.join("config.json"),
        json!({"normalize": true}).to_string(),
    )
    .unwrap();
    let numbers: [f32; 8] = [0.0, 0.0, 1.0, 0.0, 0.9, 0.1, 0.0, 1.0];
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    let header =
        json!({"embeddings": {"dtype": "F32", "shape": [4, 2], "data_offsets": [0, bytes.len()]}})
            .to_string();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(bytes);
    fs::write(folder.join("model.safetensors"), file).unwrap();
}

fn likeness(one: &[f32], other: &[f32]) -> f32 {
    one.iter()
        .zip(other)
        .map(|(left, right)| left * right)
        .sum()
}

#[tokio::test]
async fn a_model_in_a_folder_gives_like_vectors_to_like_texts() {
    let folder = tempfile::tempdir().unwrap();
    model(folder.path());
    let embedder = FolderEmbedder::open(folder.path().to_owned())
        .await
        .unwrap();
    let texts = ["Fog fog", "mist", "Coffee", "unheard of"].map(str::to_owned);
    let tenant = TenantId::from_uuid(Uuid::nil());
    let vectors = embedder.embed(tenant, texts.to_vec()).await.unwrap();
    assert!(likeness(&vectors[0], &vectors[1]) > 0.99);
    assert!(likeness(&vectors[0], &vectors[2]) < 0.01);
    assert_eq!(
        vectors[3],
        [0.0, 0.0],
        "of what it does not know it says nothing"
    );
    assert!(embedder.name().starts_with("model2vec "));
}

#[tokio::test]
async fn another_model_in_the_same_folder_is_another_space() {
    let folder = tempfile::tempdir().unwrap();
    model(folder.path());
    let name = async || {
        let embedder = FolderEmbedder::open(folder.path().to_owned())
            .await
            .unwrap();
        embedder.name().to_owned()
    };
    let before = name().await;
    assert_eq!(name().await, before);
    let path = folder.path().join("model.safetensors");
    let mut file = fs::read(&path).unwrap();
    *file.last_mut().unwrap() ^= 1;
    fs::write(&path, file).unwrap();
    assert_ne!(name().await, before);
}

#[tokio::test]
async fn a_folder_without_a_whole_model_is_refused_with_the_file_that_is_the_matter() {
    for broken in ["tokenizer.json", "model.safetensors", "config.json"] {
        let folder = tempfile::tempdir().unwrap();
        model(folder.path());
        fs::remove_file(folder.path().join(broken)).unwrap();
        let refused = FolderEmbedder::open(folder.path().to_owned())
            .await
            .err()
            .unwrap();
        assert_eq!(refused.code, "EMBEDDER_REFUSED");
        assert!(refused.message.contains(broken), "{refused}");
        fs::write(folder.path().join(broken), "{").unwrap();
        let refused = FolderEmbedder::open(folder.path().to_owned())
            .await
            .err()
            .unwrap();
        assert_eq!(refused.code, "EMBEDDER_REFUSED", "{broken}");
    }
}
