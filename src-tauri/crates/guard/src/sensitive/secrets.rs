//! Secrets that are known by themselves: keys by their prefixes, PEM blocks, seed phrases, and
//! tokens that only look random.
//!
//! Never here: values that are secret by their name (`credentials`), personal data.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Sensitive, SensitiveKind, Signs, begins, ends, named_before, within};
use crate::span::{Span, head};

/// Prefixes of keys and the fewest characters that follow (published by their issuers).
const PREFIXES: &[(&str, usize)] = &[
    ("sk-", 8),
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("rk_live_", 8),
    ("rk_test_", 8),
    ("whsec_", 16),
    ("moltbook_sk_", 8),
    ("gsk_", 20),
    ("xai-", 20),
    ("hf_", 20),
    ("r8_", 20),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ya29.", 20),
    ("npm_", 30),
    ("pypi-", 30),
    ("shpat_", 20),
    ("dop_v1_", 32),
    ("SG.", 20),
    ("AGE-SECRET-KEY-1", 20),
];

const KEY_WORDS: &[&str] = &[
    "private key",
    "private_key",
    "privkey",
    "secret",
    "wallet key",
    "signing key",
    "seed",
];
const PHRASE_WORDS: &[&str] = &[
    "seed phrase",
    "recovery phrase",
    "mnemonic",
    "seed words",
    "backup phrase",
];
/// How far before a value its name may stand, in bytes.
const NAME_REACH_BYTES: usize = 48;
/// Words of the shortest seed phrase (BIP-39).
const SEED_PHRASE_WORDS: usize = 12;
/// That many words of three letters, with what stands between them, in bytes.
const MIN_SEED_PHRASE_BYTES: usize = 4 * SEED_PHRASE_WORDS - 1;
/// Longest first line of a PEM block, in bytes.
const MAX_PEM_LABEL_BYTES: usize = 80;
/// Longest run of token characters that may be read again from another prefix inside, in bytes.
const MAX_REREAD_BYTES: usize = 128;
/// Shortest part of a key without a digit: words are shorter, in bytes.
pub(super) const MIN_LETTERS_BYTES: usize = 20;
/// Shortest token that can be called random-looking, in bytes.
const MIN_RANDOM_BYTES: usize = 32;
/// Least Shannon entropy of a random-looking token, in hundredths of a bit per character.
const MIN_ENTROPY_CENTIBITS: u32 = 420;

static PREFIX_SEARCH: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(PREFIXES.iter().map(|p| p.0)).ok());

static PHRASE_SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(PHRASE_WORDS)
        .ok()
});

pub(super) fn find(text: &str, signs: Signs, url_paths: &[Span], found: &mut Vec<Sensitive>) {
    if signs.has(Signs::HYPHEN | Signs::SPACE) {
        pem_blocks(text, found);
    }
    prefixed(text, found);
    if signs.has(Signs::DOT) {
        json_web_tokens(text, found);
    }
    if text.len() >= MIN_SEED_PHRASE_BYTES {
        seed_phrases(text, found);
    }
    if text.len() >= MIN_RANDOM_BYTES {
        random_tokens(text, url_paths, found);
    }
}

fn random_tokens(text: &str, url_paths: &[Span], found: &mut Vec<Sensitive>) {
    for token in tokens(text).filter(|token| token.end - token.start >= MIN_RANDOM_BYTES) {
        if !within(url_paths, token.start) {
            found.extend(bare_token(text, token));
        }
    }
}

pub(super) fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

pub(super) fn run(text: &str, takes: impl Fn(char) -> bool) -> usize {
    text.find(|c| !takes(c)).unwrap_or(text.len())
}

fn pem_blocks(text: &str, found: &mut Vec<Sensitive>) {
    let mut from = 0;
    while let Some(start) = text[from..].find("-----BEGIN ").map(|at| from + at) {
        let label = head(&text[start..], MAX_PEM_LABEL_BYTES);
        let label = label.lines().next().unwrap_or_default();
        from = start + 11;
        if label.contains("PRIVATE KEY") {
            let end = text[from..].find("-----END ").map_or(text.len(), |at| {
                let tail = from + at + 9;
                text[tail..]
                    .find("-----")
                    .map_or(text.len(), |dashes| tail + dashes + 5)
            });
            found.push(Sensitive::new(SensitiveKind::PrivateKey, start, end));
            from = end;
        }
    }
}

fn prefixed(text: &str, found: &mut Vec<Sensitive>) {
    // Each run of token characters is read once: from its first prefix.
    let mut read_to = 0;
    for hit in PREFIX_SEARCH
        .iter()
        .flat_map(|search| search.find_overlapping_iter(text))
    {
        if hit.start() < read_to || !begins(text, hit.start()) {
            continue;
        }
        let (prefix, min) = PREFIXES[hit.pattern().as_usize()];
        let dots = prefix.ends_with('.');
        let len = run(&text[hit.end()..], |c| is_token_char(c) || dots && c == '.');
        let body = text[hit.end()..hit.end() + len].trim_end_matches(['.', '-', '_']);
        if body.len() >= min && not_words(body) {
            let place = Sensitive::new(SensitiveKind::ApiKey, hit.start(), hit.end() + body.len());
            found.push(Sensitive {
                prefix_bytes: prefix.len(),
                ..place
            });
        }
        if len > MAX_REREAD_BYTES {
            read_to = hit.end() + len;
        }
    }
}

/// Has a digit, or a long part without a hyphen: "sk-learn-contrib" has neither.
pub(super) fn not_words(body: &str) -> bool {
    body.contains(|c: char| c.is_ascii_digit())
        || body.split('-').any(|part| part.len() >= MIN_LETTERS_BYTES)
}

fn json_web_tokens(text: &str, found: &mut Vec<Sensitive>) {
    let mut read_to = 0;
    for (start, _) in text.match_indices("eyJ") {
        if start < read_to || !begins(text, start) {
            continue;
        }
        let len = run(&text[start..], |c| is_token_char(c) || c == '.');
        read_to = start + len;
        let token = text[start..read_to].trim_end_matches('.');
        let mut parts = token.split('.').map(str::len);
        let long = |part: Option<usize>| part.is_some_and(|len| len >= 10);
        if long(parts.next()) && long(parts.next()) && parts.next().is_some() {
            let place = Sensitive::new(SensitiveKind::ApiKey, start, start + token.len());
            found.push(Sensitive {
                prefix_bytes: 3,
                ..place
            });
        }
    }
}

fn seed_phrases(text: &str, found: &mut Vec<Sensitive>) {
    for hit in PHRASE_SEARCH
        .iter()
        .flat_map(|search| search.find_iter(text))
    {
        let after = hit.end();
        // The phrase may begin a few words on: "my seed phrase is: …".
        let starts = text[after..]
            .char_indices()
            .take(24)
            .filter(|&(i, c)| c.is_ascii_lowercase() && begins(text, after + i));
        for (i, _) in starts {
            let words = seed_words(&text[after + i..]);
            if words > 0 {
                found.push(Sensitive::new(
                    SensitiveKind::SeedPhrase,
                    after + i,
                    after + i + words,
                ));
                break;
            }
        }
    }
}

/// Bytes of at least twelve words that could all stand in the BIP-39 list, or zero.
fn seed_words(text: &str) -> usize {
    let (mut end, mut count) = (0, 0);
    loop {
        let len = run(&text[end..], |c| c.is_ascii_lowercase());
        if !(3..=8).contains(&len) {
            break;
        }
        count += 1;
        end += len;
        let gap = run(&text[end..], |c| c == ' ' || c == ',' || c == '\n');
        if gap == 0 || gap > 2 || count == 24 {
            break;
        }
        end += gap;
    }
    if count >= SEED_PHRASE_WORDS {
        text[..end].trim_end().len()
    } else {
        0
    }
}

/// Runs of base64, base64url or hexadecimal characters; all of them are single bytes.
fn tokens(text: &str) -> impl Iterator<Item = Span> + '_ {
    let takes = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+' | b'/' | b'=');
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(takes)?;
        let len = bytes[start..].iter().position(|b| !takes(b));
        at = len.map_or(bytes.len(), |len| start + len);
        Some(Span { start, end: at })
    })
}

/// A token without name or prefix: a hexadecimal private key beside such a word, or one that
/// looks random. Digests, ids and addresses are hexadecimal too and pass.
fn bare_token(text: &str, Span { start, end }: Span) -> Option<Sensitive> {
    let token = &text[start..end];
    let digits = token.strip_prefix("0x").unwrap_or(token);
    if digits.chars().all(|c| c.is_ascii_hexdigit() || c == '-') {
        let key = digits.len() == 64 && begins(text, start) && ends(text, end);
        let named = || named_before(text, start, NAME_REACH_BYTES, KEY_WORDS);
        return (key && named()).then(|| Sensitive::new(SensitiveKind::PrivateKey, start, end));
    }
    let count = |f: fn(&char) -> bool| token.chars().filter(f).count();
    let mixed = count(char::is_ascii_uppercase) > 1
        && count(char::is_ascii_lowercase) > 1
        && count(char::is_ascii_digit) > 2;
    let random = mixed && entropy_centibits(token) >= MIN_ENTROPY_CENTIBITS;
    random.then(|| Sensitive::new(SensitiveKind::RandomToken, start, end))
}

/// Shannon entropy per character of an ASCII token, in hundredths of a bit.
fn entropy_centibits(token: &str) -> u32 {
    let mut counts = [0_u32; 128];
    token
        .bytes()
        .for_each(|b| counts[usize::from(b & 0x7f)] += 1);
    let total = f64::from(u32::try_from(token.len()).unwrap_or(u32::MAX));
    let bits: f64 = counts
        .iter()
        .filter(|&&n| n > 0)
        .map(|&n| f64::from(n) / total)
        .map(|p| -p * p.log2())
        .sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 700"
    )]
    let centibits = (bits * 100.0) as u32;
    centibits
}
