//! From what memory wants to the messages that say it.
//!
//! Never here: sending them.

use std::collections::BTreeMap;

use chimera_domain::memory::{Memory, Owner};

use super::messages as pb;
use crate::weaviate::{CLASS, MAX_DISTANCE, Question, VECTOR, WORDS_IN, object_id};

/// The share of meaning in a hybrid search; words have the rest.
const HALF: f32 = 0.5;

/// What is asked for a question within one agent of one tenant, rows only; nothing where nothing is looked for.
pub(crate) fn search(
    owner: Owner,
    question: Question<'_>,
    most: usize,
) -> Option<pb::SearchRequest> {
    let Question { words, vector } = question;
    let mut request = pb::SearchRequest {
        collection: CLASS.to_owned(),
        tenant: owner.tenant.to_string(),
        properties: Some(pb::PropertiesRequest {
            non_ref_properties: vec!["row".to_owned()],
        }),
        limit: u32::try_from(most).unwrap_or(u32::MAX),
        filters: Some(equal("agent_id", owner.agent.to_string())),
        uses_123_api: true,
        uses_125_api: true,
        uses_127_api: true,
        ..pb::SearchRequest::default()
    };
    let (query, properties) = (words.to_owned(), WORDS_IN.map(str::to_owned).to_vec());
    match vector {
        None if words.is_empty() => return None,
        None => request.bm25_search = Some(pb::Bm25 { query, properties }),
        Some(vector) if words.is_empty() => request.near_vector = Some(near(vector)),
        Some(vector) => request.hybrid_search = Some(hybrid(query, properties, vector)),
    }
    request.metadata = Some(pb::MetadataRequest {
        // The official client always asks for it; nothing here reads it.
        uuid: true,
        distance: request.near_vector.is_some(),
        score: request.near_vector.is_none(),
    });
    Some(request)
}

fn near(vector: &[f32]) -> pb::NearVector {
    pb::NearVector {
        distance: Some(MAX_DISTANCE),
        targets: Some(target()),
        vectors: vec![numbers("", vector)],
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "one digit after the point, which both have alike"
)]
fn hybrid(query: String, properties: Vec<String>, vector: &[f32]) -> pb::Hybrid {
    pb::Hybrid {
        query,
        properties,
        // By rank, as our own formula joins lists.
        fusion_type: pb::Fusion::Ranked.into(),
        vector_bytes: bytes(vector),
        targets: Some(target()),
        alpha_param: Some(HALF),
        use_alpha_param: true,
        vector_distance: Some(MAX_DISTANCE as f32),
    }
}

/// The copy of this memory, if it is this agent's.
pub(crate) fn deletion(memory: &Memory) -> pb::BatchDeleteRequest {
    let own = [
        equal("_id", object_id(memory).to_string()),
        equal("agent_id", memory.owner.agent.to_string()),
    ];
    pb::BatchDeleteRequest {
        collection: CLASS.to_owned(),
        filters: Some(pb::Filters {
            operator: pb::Operator::And.into(),
            filters: own.to_vec(),
            ..pb::Filters::default()
        }),
        verbose: true,
        tenant: Some(memory.owner.tenant.to_string()),
    }
}

pub(crate) fn batch(memories: &[(u64, Memory, Vec<f32>)]) -> pb::BatchObjectsRequest {
    let objects = memories.iter();
    pb::BatchObjectsRequest {
        objects: objects
            .map(|(row, memory, vector)| object(*row, memory, vector))
            .collect(),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "rows above the largest exact number are refused before"
)]
fn object(row: u64, memory: &Memory, vector: &[f32]) -> pb::BatchObject {
    let text = |value: String| pb::Plain {
        string_value: Some(value),
        ..pb::Plain::default()
    };
    let number = |value: f64| pb::Plain {
        number_value: Some(value),
        ..pb::Plain::default()
    };
    let fields = BTreeMap::from([
        ("tenant_id", text(memory.owner.tenant.to_string())),
        ("agent_id", text(memory.owner.agent.to_string())),
        ("memory_id", text(memory.id.to_string())),
        ("kind", text(memory.kind.as_str().to_owned())),
        ("content", text(memory.text.clone())),
        ("importance_score", number(memory.importance.into())),
        ("timestamp", text(memory.at.to_string())),
        ("row", number(row as f64)),
    ]);
    let fields = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    let mut properties = pb::ObjectProperties {
        non_ref_properties: Some(pb::Struct {
            fields: fields.collect(),
        }),
        ..pb::ObjectProperties::default()
    };
    let tags = "relevance_tags".to_owned();
    if memory.tags.is_empty() {
        properties.empty_list_props.push(tags);
    } else {
        properties
            .text_array_properties
            .push(pb::TextArrayProperties {
                values: memory.tags.clone(),
                prop_name: tags,
            });
    }
    let vectors = (!vector.is_empty()).then(|| numbers(VECTOR, vector));
    pb::BatchObject {
        uuid: object_id(memory).to_string(),
        properties: Some(properties),
        collection: CLASS.to_owned(),
        tenant: memory.owner.tenant.to_string(),
        vectors: vectors.into_iter().collect(),
    }
}

fn equal(property: &str, value: String) -> pb::Filters {
    pb::Filters {
        operator: pb::Operator::Equal.into(),
        value_text: Some(value),
        target: Some(pb::FilterTarget {
            property: Some(property.to_owned()),
        }),
        ..pb::Filters::default()
    }
}

fn target() -> pb::Targets {
    pb::Targets {
        target_vectors: vec![VECTOR.to_owned()],
    }
}

fn numbers(name: &str, vector: &[f32]) -> pb::Vectors {
    pb::Vectors {
        name: name.to_owned(),
        vector_bytes: bytes(vector),
        r#type: pb::VectorType::SingleFp32.into(),
    }
}

fn bytes(vector: &[f32]) -> Vec<u8> {
    vector
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}
