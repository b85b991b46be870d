//! An embedder from a folder of this machine: a Model2Vec model, whose vectors are looked up and not computed by a
//! network. Nothing leaves the machine.
//!
//! Never here: fetching a model.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use chimera_domain::{digest::Digest, fault::Fault, id::TenantId};
use model2vec_rs::model::StaticModel;

use super::{Embedder, TEXTS_AT_ONCE, unit};
use crate::codes::embedder_refused;

/// Largest file of a model, in bytes: 1 GiB.
const MAX_MODEL_BYTES: u64 = 1 << 30;
/// Most tokens of a text that count.
const MAX_TOKENS: usize = 512;
/// Signs of the model's digest that its name has, so that another model in the same folder is another space.
const DIGEST_SIGNS: usize = 12;
/// The file with the vectors.
const VECTORS: &str = "model.safetensors";

/// A model from a folder.
pub struct FolderEmbedder {
    name: String,
    model: Arc<StaticModel>,
}

impl FolderEmbedder {
    /// Reads the model in `folder`: `tokenizer.json`, `model.safetensors`, `config.json`.
    ///
    /// # Errors
    /// When the folder holds no such model, says which file is the matter.
    pub async fn open(folder: PathBuf) -> Result<Self, Fault> {
        let shown = folder.display().to_string();
        tokio::task::spawn_blocking(move || read(&folder))
            .await
            .unwrap_or_else(|_| Err("it holds a model that breaks its reader".to_owned()))
            .map_err(|why| {
                embedder_refused(format_args!(
                    "the model folder {shown} cannot be used: {why}"
                ))
            })
    }
}

fn read(folder: &Path) -> Result<FolderEmbedder, String> {
    let file = |name: &str| -> Result<Vec<u8>, String> {
        let path = folder.join(name);
        let known = std::fs::metadata(&path).map_err(|error| format!("{name}: {error}"))?;
        if !known.is_file() || known.len() > MAX_MODEL_BYTES {
            return Err(format!(
                "{name} is no file of at most {MAX_MODEL_BYTES} bytes"
            ));
        }
        std::fs::read(&path).map_err(|error| format!("{name}: {error}"))
    };
    let (tokenizer, vectors) = (file("tokenizer.json")?, file(VECTORS)?);
    let config = file("config.json")?;
    let model = StaticModel::from_bytes(&tokenizer, &vectors, &config, Some(true))
        .map_err(|error| format!("{error:#}"))?;
    let digest: String = Digest::plain(&vectors)
        .to_string()
        .chars()
        .filter(char::is_ascii_hexdigit)
        .rev()
        .take(DIGEST_SIGNS)
        .collect();
    let called = folder.file_name().map_or_else(
        || "model".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    Ok(FolderEmbedder {
        name: format!("model2vec {called} {digest}"),
        model: Arc::new(model),
    })
}

#[async_trait]
impl Embedder for FolderEmbedder {
    fn name(&self) -> &str {
        &self.name
    }

    async fn embed(&self, _: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        let model = self.model.clone();
        let embed = move || model.encode_with_args(&texts, Some(MAX_TOKENS), TEXTS_AT_ONCE);
        // A damaged model may break in the middle; that is its own.
        let vectors = tokio::task::spawn_blocking(embed).await.map_err(|_| {
            embedder_refused(format_args!("the model {} broke over a text", self.name))
        })?;
        vectors
            .into_iter()
            .map(unit)
            .collect::<Option<_>>()
            .ok_or_else(|| {
                embedder_refused(format_args!("the model {} gives no vectors", self.name))
            })
    }
}
