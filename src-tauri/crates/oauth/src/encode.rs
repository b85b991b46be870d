//! Bytes as the two alphabets of base 64, and the challenge that goes with a verifier (RFC 7636).
//!
//! Never here: randomness.

use chimera_canon::Digest;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// With padding, as a header wants it.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = digits(bytes, STANDARD);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Without padding, as an address wants it.
pub(crate) fn base64_url(bytes: &[u8]) -> String {
    digits(bytes, FOR_URLS)
}

/// The S256 challenge of a verifier.
pub(crate) fn challenge(verifier: &str) -> String {
    base64_url(&Digest::plain(verifier.as_bytes()).to_bytes())
}

fn digits(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three
            .iter()
            .chain(std::iter::repeat(&0))
            .take(3)
            .fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        for at in 0..=three.len() {
            let six = (bits >> (18 - 6 * at)) & 0x3f;
            text.extend(alphabet.get(six as usize).map(|sign| char::from(*sign)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
            assert_eq!(base64_url(bytes.as_bytes()), text.trim_end_matches('='));
        }
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
        assert_eq!(base64_url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
