//! Checkpoints: their digest, their signature, and the line in which they travel.
//!
//! Never here: files.

use chimera_canon::{CanonError, Digest, Signature, SigningKey, VerifyingKey, canonical_json};
use chimera_domain::{
    audit::{Checkpoint, Signed},
    id::TenantId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

const DOMAIN: &str = "chimera.audit.checkpoint.v1";

/// What is signed. The key is part of it, so that a signature cannot be laid under another's name.
#[derive(Serialize)]
struct Statement {
    tenant: TenantId,
    number: u64,
    last: u64,
    head: Digest,
    previous: Digest,
    sealed_at: Timestamp,
    key: Option<VerifyingKey>,
}

/// A checkpoint on a line of its own, in an anchor or an export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    tenant: TenantId,
    number: u64,
    last: u64,
    head: Digest,
    previous: Digest,
    sealed_at: Timestamp,
    key: Option<VerifyingKey>,
    signature: Option<Signature>,
}

/// What a checkpoint's successor names, and its signature covers.
pub(crate) fn digest(checkpoint: &Checkpoint) -> Result<Digest, CanonError> {
    let statement = Statement {
        tenant: checkpoint.tenant,
        number: checkpoint.number,
        last: checkpoint.last,
        head: checkpoint.head,
        previous: checkpoint.previous,
        sealed_at: checkpoint.sealed_at,
        key: checkpoint.signed.map(|signed| signed.key),
    };
    Digest::of(DOMAIN, &statement)
}

/// The checkpoint signed with `key`.
pub(crate) fn sign(mut checkpoint: Checkpoint, key: &SigningKey) -> Result<Checkpoint, CanonError> {
    let mut signed = Signed {
        key: key.verifying_key(),
        signature: Signature::from_bytes([0; 64]),
    };
    checkpoint.signed = Some(signed);
    signed.signature = key.sign(&digest(&checkpoint)?);
    checkpoint.signed = Some(signed);
    Ok(checkpoint)
}

impl From<&Checkpoint> for Line {
    fn from(checkpoint: &Checkpoint) -> Self {
        Self {
            tenant: checkpoint.tenant,
            number: checkpoint.number,
            last: checkpoint.last,
            head: checkpoint.head,
            previous: checkpoint.previous,
            sealed_at: checkpoint.sealed_at,
            key: checkpoint.signed.map(|signed| signed.key),
            signature: checkpoint.signed.map(|signed| signed.signature),
        }
    }
}

impl Line {
    /// The checkpoint.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn checkpoint(self) -> Result<Checkpoint, String> {
        let signed = match (self.key, self.signature) {
            (Some(key), Some(signature)) => Some(Signed { key, signature }),
            (None, None) => None,
            _ => return Err("a key without a signature, or a signature without a key".to_owned()),
        };
        Ok(Checkpoint {
            tenant: self.tenant,
            number: self.number,
            last: self.last,
            head: self.head,
            previous: self.previous,
            sealed_at: self.sealed_at,
            signed,
        })
    }
}

/// The line of a checkpoint, without its end.
pub(crate) fn line(checkpoint: &Checkpoint) -> Result<Vec<u8>, CanonError> {
    canonical_json(&Line::from(checkpoint))
}

/// A checkpoint read from its line.
///
/// # Errors
/// What is wrong with the line, in words.
pub(crate) fn read_line(text: &str) -> Result<Checkpoint, String> {
    let line: Line = serde_json::from_str(text).map_err(|why| why.to_string())?;
    line.checkpoint()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{KEY, tenant};

    fn unsigned() -> Checkpoint {
        Checkpoint {
            tenant: tenant(),
            number: 3,
            last: 17,
            head: Digest::plain(b"head"),
            previous: Digest::plain(b"previous"),
            sealed_at: Timestamp::from_seconds(5),
            signed: None,
        }
    }

    #[test]
    fn a_signature_covers_every_field_and_its_own_key() {
        let checkpoint = sign(unsigned(), &SigningKey::from_seed(&KEY)).unwrap();
        let signed = checkpoint.signed.unwrap();
        let holds = |checkpoint: &Checkpoint| {
            signed
                .key
                .verify(&digest(checkpoint).unwrap(), &signed.signature)
                .is_ok()
        };
        assert!(holds(&checkpoint));
        let changes: [fn(&mut Checkpoint); 6] = [
            |c| c.number = 4,
            |c| c.last = 18,
            |c| c.head = Digest::plain(b"x"),
            |c| c.previous = Digest::plain(b"x"),
            |c| c.sealed_at = Timestamp::from_seconds(6),
            |c| c.signed = None,
        ];
        for change in changes {
            let mut altered = checkpoint.clone();
            change(&mut altered);
            assert!(!holds(&altered));
        }
    }

    #[test]
    fn it_travels_as_one_line() {
        for checkpoint in [
            unsigned(),
            sign(unsigned(), &SigningKey::from_seed(&KEY)).unwrap(),
        ] {
            let line = String::from_utf8(line(&checkpoint).unwrap()).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(read_line(&line).unwrap(), checkpoint);
        }
    }
}
