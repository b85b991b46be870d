//! Records of the audit log, masked: they repeat what people say, and what is written there stays (SEC-05).
//!
//! Never here: making a record, or storing it.

use chimera_domain::change::{Change, ChangeSet};
use serde_json::Value;

use crate::redact;

/// Masks the records that the engine wrote into a set: it knows no gateway, and repeats what people say.
pub fn mask_records(set: &mut ChangeSet) {
    for change in &mut set.changes {
        if let Change::Audit(record) = change {
            record.input = masked(std::mem::take(&mut record.input));
            record.output = masked(std::mem::take(&mut record.output));
        }
    }
}

/// Every text in a value, redacted. Digests, ids and times are none of the kinds that are masked.
#[must_use]
pub fn masked(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(redact(&text)),
        Value::Array(items) => items.into_iter().map(masked).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, masked(value)))
            .collect(),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::time::Timestamp;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn personal_data_and_secrets_go_and_what_proves_stays() {
        let id = Uuid::from_u128(0x0198_3f2a_77de_7c11_8a2b_90ab_cdef_1234);
        let digest = chimera_domain::digest::Digest::of_bytes("chimera.test.v1", b"x").unwrap();
        let key = format!("sk-{}", "abcdef1234567890");
        let proof = json!({
            "review": id, "shown": digest, "until": Timestamp::from_micros(1_795_312_345_678_901),
            "intent_key": format!("chimera-{id}"), "confidence": 4_111_111_111_111_111_u64,
        });
        let shown = masked(json!({
            "note": format!("Ask jane@example.org or +49 30 901820, card 4111 1111 1111 1111, key {key}"),
            "arguments": [{ "to": ["jane@example.org"] }],
            "proof": proof,
        }));
        assert_eq!(
            shown["note"],
            "Ask [email] or [phone], card [card], key sk-****"
        );
        assert_eq!(shown["arguments"], json!([{ "to": ["[email]"] }]));
        assert_eq!(shown["proof"], proof);
    }
}
