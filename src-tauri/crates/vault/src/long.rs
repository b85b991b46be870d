//! Secrets that are longer than an entry may be: kept in pieces, and a head says which of them belong together.
//!
//! Two banks take turns. The pieces of a new text go into the bank that nobody reads, one by one from the first; then the
//! head is put over, which is one entry and so one step; only then the former bank is emptied, from its last piece down.
//! Whoever dies in between leaves the former text or the new one, whole, and at most pieces that nobody reads. Those are
//! always the first ones of their bank without a gap, so that the next change finds the last of them and takes them away.
//! What is read is compared with the digest in its head: whatever else happened to the entries, a mixed text is never
//! handed out.
//!
//! Never here: what the text is for.

use std::fmt;

use chimera_domain::{digest::Digest, id::TenantId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::{Act, VaultError},
    keychain::Keychain,
    vault::{MAX_SECRET_BYTES, Vault},
};

/// Most pieces of one text.
const MAX_PIECES: usize = 32;
/// Longest text in bytes.
pub const MAX_LONG_BYTES: usize = MAX_PIECES * MAX_SECRET_BYTES;

/// What a long secret is called. A person's own secrets never have its name: it has a `/`, which theirs cannot have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LongName {
    tenant: TenantId,
    kind: &'static str,
    id: Uuid,
}

impl LongName {
    /// The secret of this kind under this id, of one tenant.
    #[must_use]
    pub const fn new(tenant: TenantId, kind: &'static str, id: Uuid) -> Self {
        Self { tenant, kind, id }
    }

    fn head(&self) -> String {
        format!("{self}/head")
    }

    fn piece(&self, bank: Bank, at: usize) -> String {
        format!("{self}/{}{at}", bank.letter())
    }
}

/// As an account in the keychain begins.
impl fmt::Display for LongName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.tenant, self.kind, self.id)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Bank {
    A,
    B,
}

impl Bank {
    const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::A => 'a',
            Self::B => 'b',
        }
    }
}

/// Which pieces count.
#[derive(Serialize, Deserialize)]
struct Head {
    bank: Bank,
    pieces: usize,
    /// Of the whole text.
    digest: Digest,
}

impl Vault {
    /// Keeps a text in the keychain, in place of one that was there.
    ///
    /// # Errors
    /// When it is empty or too long, or the keychain does not take it. What was there before still is, whole.
    pub async fn set_long(&self, name: &LongName, text: SecretString) -> Result<(), VaultError> {
        let bytes = text.expose_secret().len();
        if !(1..=MAX_LONG_BYTES).contains(&bytes) {
            return Err(VaultError::WrongSize {
                bytes,
                limit: MAX_LONG_BYTES,
            });
        }
        let keychain = self.keychain.clone().ok_or(VaultError::SwitchedOff)?;
        let name = name.clone();
        let work = move || keep(&*keychain, &name, text.expose_secret());
        self.turns.take(Act::Set, work).await
    }

    /// Finds a text; none where there is none, or where what is there is not what was put there.
    ///
    /// # Errors
    /// When the keychain does not answer.
    pub async fn get_long(&self, name: &LongName) -> Result<Option<SecretString>, VaultError> {
        let Some(keychain) = self.keychain.clone() else {
            return Ok(None);
        };
        let name = name.clone();
        let work = move || load(&*keychain, &name);
        let text = self.turns.take(Act::Get, work).await?;
        Ok(text.map(SecretString::from))
    }

    /// Takes a text out of the keychain; one that is gone already is no failure.
    ///
    /// # Errors
    /// When the keychain does not answer or is switched off, and what it may hold still lies there. To ask again takes
    /// away what is left.
    pub async fn delete_long(&self, name: &LongName) -> Result<(), VaultError> {
        let keychain = self.keychain.clone().ok_or(VaultError::SwitchedOff)?;
        let name = name.clone();
        let work = move || forget(&*keychain, &name);
        self.turns.take(Act::Delete, work).await
    }
}

fn keep(keychain: &dyn Keychain, name: &LongName, text: &str) -> Result<(), VaultError> {
    let bank = head(keychain, Act::Set, name)?.map_or(Bank::A, |former| former.bank.other());
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(MAX_SECRET_BYTES).collect();
    for (at, piece) in pieces.iter().enumerate() {
        keychain.set(Act::Set, &name.piece(bank, at), piece)?;
    }
    let head = Head {
        bank,
        pieces: pieces.len(),
        digest: Digest::plain(text.as_bytes()),
    };
    let head = serde_json::to_vec(&head).map_err(|error| VaultError::Unreadable {
        name: name.to_string(),
        detail: error.to_string(),
    })?;
    keychain.set(Act::Set, &name.head(), &head)?;
    // It is kept from here on; what is left over is read by nobody.
    let emptied = empty(keychain, name, bank, pieces.len())
        .and_then(|()| empty(keychain, name, bank.other(), 0));
    if let Err(error) = emptied {
        tracing::warn!(%error, "what a secret was before could not be taken out of the keychain; the next change does it");
    }
    Ok(())
}

fn load(keychain: &dyn Keychain, name: &LongName) -> Result<Option<String>, VaultError> {
    let Some(head) = head(keychain, Act::Get, name)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    for at in 0..head.pieces.min(MAX_PIECES) {
        let piece = keychain.get(Act::Get, &name.piece(head.bank, at))?;
        bytes.extend(piece.unwrap_or_default());
    }
    let is_whole = Digest::plain(&bytes) == head.digest;
    let text = String::from_utf8(bytes).ok().filter(|_| is_whole);
    if text.is_none() {
        tracing::warn!(
            "a secret in the keychain is not what was put there, and counts as none; enter it, or authorize, again"
        );
    }
    Ok(text)
}

fn forget(keychain: &dyn Keychain, name: &LongName) -> Result<(), VaultError> {
    // Without its head nobody reads it.
    keychain.delete(Act::Delete, &name.head())?;
    empty(keychain, name, Bank::A, 0)?;
    empty(keychain, name, Bank::B, 0)
}

/// The head, if there is one that can be read.
fn head(keychain: &dyn Keychain, act: Act, name: &LongName) -> Result<Option<Head>, VaultError> {
    let bytes = keychain.get(act, &name.head())?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Takes the pieces of a bank away that stand at `from` and after.
fn empty(
    keychain: &dyn Keychain,
    name: &LongName,
    bank: Bank,
    from: usize,
) -> Result<(), VaultError> {
    let mut end = from;
    while end < MAX_PIECES && keychain.get(Act::Delete, &name.piece(bank, end))?.is_some() {
        end += 1;
    }
    for at in (from..end).rev() {
        keychain.delete(Act::Delete, &name.piece(bank, at))?;
    }
    Ok(())
}
