//! What counts as sensitive, and what only looks like it.

use proptest::prelude::*;

use super::*;

fn check(text: &str, expected: &[(SensitiveKind, &str)]) {
    let found: Vec<_> = find(text)
        .iter()
        .map(|s| (s.kind, s.span.of(text)))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn keys_are_known_by_their_prefix() {
    // Put together here so that no scanner of this repository takes them for real ones.
    for (prefix, body) in [
        ("sk-", "proj-abcDEF123456"),
        ("sk-", "ant-api03-Zz9yY8xX7"),
        ("ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"),
        ("AKIA", "IOSFODNN7EXAMPLE"),
        ("moltbook_sk_", "ab12cd34"),
        ("xoxb-", "1234567890-abcdef"),
    ] {
        let key = format!("{prefix}{body}");
        check(
            &format!("use {key}, please"),
            &[(SensitiveKind::ApiKey, &key)],
        );
    }
    let jwt = format!(
        "eyJ{}.eyJ{}.{}",
        "hbGciOiJIUzI1NiJ9", "zdWIiOiIxMjM0In0", "c2lnbmF0dXJl"
    );
    check(&format!("<{jwt}>"), &[(SensitiveKind::ApiKey, &jwt)]);
}

#[test]
fn private_keys_are_known_whole_or_torn() {
    let begin = format!("-----BEGIN EC {} KEY-----\nMHcCAQEE", "PRIVATE");
    let whole = format!("{begin}\n-----END EC {} KEY-----", "PRIVATE");
    check(
        &format!("x\n{whole}\ny"),
        &[(SensitiveKind::PrivateKey, &whole)],
    );
    check(
        &format!("x {begin}"),
        &[(SensitiveKind::PrivateKey, &begin)],
    );
    let hex = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    check(
        &format!("private key: 0x{hex}"),
        &[(SensitiveKind::PrivateKey, &format!("0x{hex}"))],
    );
    check(&format!("sent in tx 0x{hex}, digest sha256:{hex}"), &[]);
}

#[test]
fn named_values_are_credentials() {
    for (text, value) in [
        ("password=hunter", "hunter"),
        (r#"{"api_key":"correct horse"}"#, "correct horse"),
        ("token: ab12cd34", "ab12cd34"),
        ("PASSWORD = 's3cret!'", "s3cret!"),
        ("Authorization: Bearer abc.def-123", "abc.def-123"),
        ("https://x.example/a?id=7&access_token=abcdef&x=1", "abcdef"),
        ("postgres://user:pa55@db/x", "pa55"),
    ] {
        check(text, &[(SensitiveKind::Credential, value)]);
    }
}

#[test]
fn a_seed_phrase_is_twelve_words_beside_its_name() {
    let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    check(
        &format!("my seed phrase is: {words}."),
        &[(SensitiveKind::SeedPhrase, words)],
    );
    check(words, &[]);
}

#[test]
fn random_looking_tokens_are_seen_outside_of_links() {
    // In two halves, so that no scanner of this repository takes it for a real one.
    let token = &["aG9f3KqLz7Xv2PbN", "8mWc4RtY6uJd1EsQ"].concat();
    check(
        &format!("it is {token} ok"),
        &[(SensitiveKind::RandomToken, token)],
    );
    check(&format!("https://news.example/rss/articles/{token}"), &[]);
    check(
        "550e8400-e29b-41d4-a716-446655440000 d41d8cd98f00b204e9800998ecf8427e",
        &[],
    );
    check(
        "https://example.com/a-very-long-headline-with-words-2026-and-more-words-in-it",
        &[],
    );
    check("Donaudampfschifffahrtsgesellschaftskapitän", &[]);
}

#[test]
fn personal_data_is_seen() {
    use SensitiveKind::{Card, Email, Iban, Phone, Ssn};
    check(
        "Mail jane.doe+news@mail.example.org.",
        &[(Email, "jane.doe+news@mail.example.org")],
    );
    check(
        "GET /u/jane@example.org, not https://jane@example.org or /npm/vue@3.2.js",
        &[(Email, "jane@example.org")],
    );
    check(
        "Mail jane＠example.org or（jane﹫mail.example.org）, not @jane＠example.org",
        &[
            (Email, "jane＠example.org"),
            (Email, "jane﹫mail.example.org"),
        ],
    );
    check(
        "call +49 30 901820 or (415) 555-2671",
        &[(Phone, "+49 30 901820"), (Phone, "(415) 555-2671")],
    );
    check(
        "415-555-2671; 030/9018200; 1-415-555-2671",
        &[
            (Phone, "415-555-2671"),
            (Phone, "030/9018200"),
            (Phone, "1-415-555-2671"),
        ],
    );
    check("phone 5552671", &[(Phone, "5552671")]);
    check("SSN 123-45-6789", &[(Ssn, "123-45-6789")]);
    check("my ssn is 123456789", &[(Ssn, "123456789")]);
    check(
        "pay to DE89 3704 0044 0532 0130 00 now",
        &[(Iban, "DE89 3704 0044 0532 0130 00")],
    );
    check(
        "GB29NWBK60161331926819",
        &[(Iban, "GB29NWBK60161331926819")],
    );
    check(
        "card 4111 1111 1111 1111, 378282246310005",
        &[(Card, "4111 1111 1111 1111"), (Card, "378282246310005")],
    );
}

#[test]
fn numbers_are_seen_whatever_their_separators_and_digits_are() {
    use SensitiveKind::{Card, Iban, Phone};
    for (kind, number) in [
        (Phone, "01 23 45 67 89"),
        (Phone, "01\u{A0}23\u{A0}45\u{A0}67\u{A0}89"),
        (Phone, "01\u{202F}23\u{202F}45\u{202F}67\u{202F}89"),
        (Phone, "06.12.34.56.78"),
        (Phone, "+49–30–901820"),
        (Phone, "+49\u{2010}30\u{2011}901820"),
        (Phone, "030\u{2012}9018\u{2013}200"),
        (Phone, "+49\u{2014}30\u{2015}901820"),
        (Phone, "＋４９ ３０ ９０１８２０"),
        (Phone, "（４１５）５５５－２６７１"),
        (Phone, "+٤٩ ٣٠ ٩٠١٨٢٠"),
        (Phone, "+۴۹ ۳۰ ۹۰۱۸۲۰"),
        (Card, "4111.1111.1111.1111"),
        (Card, "4111\u{202F}1111\u{202F}1111\u{202F}1111"),
        (Card, "４１１１ １１１１ １１１１ １１１１"),
        (Card, "४१११११११११११११११"),
        (
            Iban,
            "DE89\u{202F}3704\u{202F}0044\u{202F}0532\u{202F}0130\u{202F}00",
        ),
    ] {
        for text in [number.to_owned(), format!("Ödön: {number}, then more")] {
            check(&text, &[(kind, number)]);
        }
    }
    check("電話は090-1234-5678です", &[(Phone, "090-1234-5678")]);
}

#[test]
fn wrong_check_digits_and_ordinary_numbers_pass() {
    for text in [
        "DE88 3704 0044 0532 0130 00",
        "4111 1111 1111 1112",
        "0000-00-0000 and 666-12-3456 and 123-00-4567",
        "On 2026-11-21 at 10:30, 1,000,000 people and 3.14159265 of 192.168.10.20",
        "Post 1234567890123456789 got 12 345 678 views for $415.55",
        "In 2024 2025 2026 the 7-8-9 rule, ISBN 978-3-16-148410-0",
        "@user@mastodon.example and me@localhost and a@b",
        "v1.20.300.4000, #4155552671, +5 %",
        "Password: how to choose a good one",
        "The token economy: a primer",
        "sk-learn-contrib and task-oriented sk-kosice",
        "Steps 01 02 03 04 05, mobile 2019–2023, open 08–12 and 14–18",
        "ISBN 978–3–16–148410–0, 1939–1945, ２０２６年１１月２１日, ٢٠٢٦",
    ] {
        check(text, &[]);
    }
}

#[test]
fn an_id_is_no_number_whatever_its_digits_are() {
    let id = "41111111-1111-1111-8abc-0123456789ab";
    check(id, &[]);
    check(
        &format!("card {id}"),
        &[(SensitiveKind::Card, "41111111-1111-1111")],
    );
    for text in ["", "019a-7c11", "41111111-1111-1111-0abc-0123456789ab"] {
        assert!(!is_id(text), "{text}");
    }
}

/// A text that has every sign, so that nothing is passed over.
fn all_signs() -> Signs {
    Signs::of("a 0123456789 b@c:d=e/f-g.h")
}

proptest! {
    #[test]
    fn what_is_passed_over_as_short_and_plain_holds_nothing(
        text in "\\PC{0,22}|(sk-|eyJ|Bearer |token|password|-----BEGIN |PRIVATE KEY|seed phrase|é|[a-zA-Z._ -]|[0-9@:=]){0,8}",
    ) {
        prop_assert!(!is_short_and_plain(&text) || search(&text, all_signs()).is_empty());
    }

    #[test]
    fn the_signs_of_a_text_hide_nothing_from_the_search(
        text in "\\PC{0,60}|(sk-|ab1|@|\\.com|password=|token: |Bearer |é|４１１１|٤٩|–|DE89 |3704 0044|://|\\+49|\\(|\\)|-| |\"|-----BEGIN |PRIVATE KEY|eyJhbGciOiJI|\\.|👨|4111 1111|seed phrase: |[a-z]{3} |[0-9]|phone ){0,24}",
    ) {
        prop_assert_eq!(search(&text, Signs::of(&text)), search(&text, all_signs()));
    }

    #[test]
    fn every_place_is_on_boundaries_in_order_and_apart(
        text in "\\PC{0,60}|(sk-|ab1|@|\\.com|password=|é|DE89 |3704 0044|://|\\+49|\\(|\\)|-| |\"|-----BEGIN |PRIVATE KEY|👨|4111 1111){0,20}",
    ) {
        let found = find(&text);
        for place in &found {
            prop_assert!(place.span.start < place.span.end);
            let inside = text.get(place.span.start..place.span.end);
            prop_assert!(inside.is_some_and(|t| t.is_char_boundary(place.prefix_bytes)));
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
    }
}
