//! Sealing a key with another one, in hexadecimal digits, and putting a small file under its name in one step.
//!
//! Never here: where a key is kept.

use std::{fs::File, io::Write as _, path::Path};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    rand,
};
use chimera_ports::data_key::DATA_KEY_BYTES;
use uuid::Uuid;

use super::{DataKeyError, FORMAT};

/// Bytes of the nonce before what is sealed.
pub(super) const NONCE_BYTES: usize = 12;

/// Whether a file may be there already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Write {
    New,
    Over,
}

pub(super) fn fresh() -> Result<[u8; DATA_KEY_BYTES], DataKeyError> {
    let mut key = [0; DATA_KEY_BYTES];
    rand::fill(&mut key).map_err(|_| DataKeyError::NoRandomness)?;
    Ok(key)
}

/// What binds a sealed key to its installation: an envelope of another one does not open.
fn bound_to(installation: Uuid) -> Aad<String> {
    Aad::from(format!("chimera.data-key.v{FORMAT}/{installation}"))
}

pub(super) fn seal(
    wrapping: &[u8; DATA_KEY_BYTES],
    installation: Uuid,
    data_key: &[u8; DATA_KEY_BYTES],
) -> Result<Vec<u8>, DataKeyError> {
    let key = RandomizedNonceKey::new(&AES_256_GCM, wrapping);
    let mut sealed = data_key.to_vec();
    let nonce = key
        .and_then(|key| key.seal_in_place_append_tag(bound_to(installation), &mut sealed))
        .map_err(|_| DataKeyError::NoRandomness)?;
    Ok([nonce.as_ref().as_slice(), &sealed].concat())
}

pub(super) fn unseal(
    wrapping: &[u8; DATA_KEY_BYTES],
    installation: Uuid,
    sealed: &[u8],
) -> Option<[u8; DATA_KEY_BYTES]> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, wrapping).ok()?;
    let mut opened = sealed.to_vec();
    let opened = key.open_in_place(nonce, bound_to(installation), &mut opened);
    <[u8; DATA_KEY_BYTES]>::try_from(&*opened.ok()?).ok()
}

pub(super) fn put(unfinished: &Path, path: &Path, text: &str, write: Write) -> std::io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    match write {
        Write::New => std::fs::hard_link(unfinished, path)?,
        Write::Over => std::fs::rename(unfinished, path)?,
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(digits: &str) -> Option<Vec<u8>> {
    let is_hex =
        digits.len().is_multiple_of(2) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let pairs = is_hex.then(|| digits.as_bytes().chunks(2))?;
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
