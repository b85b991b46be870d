//! What outgoing text must not contain, and what it may.

use proptest::prelude::*;

use super::*;

/// Words as policy gives them.
fn security() -> Vec<String> {
    let words = "password,passwords,secret key,secret keys,delete all,override security,PII,SSN,seed phrase*,…,*";
    words.split(',').map(str::to_owned).collect()
}

fn found(text: &str, forbidden: &[&str]) -> Vec<(Category, String)> {
    let rules = Rules::new(forbidden, security()).unwrap();
    check(text, &rules)
        .into_iter()
        .map(|f| (f.category, f.span.of(text).to_owned()))
        .collect()
}

fn words(text: &str, forbidden: &[&str]) -> Vec<String> {
    found(text, forbidden)
        .into_iter()
        .filter(|f| f.0 == Category::ForbiddenWord)
        .map(|f| f.1)
        .collect()
}

#[test]
fn a_forbidden_word_is_a_soul_violation() {
    let rules = Rules::new(["Guaranteed returns", "to the moon"], vec![]).unwrap();
    assert_eq!(
        check("GUARANTEED\n returns, friends", &rules),
        [Finding {
            category: Category::ForbiddenWord,
            span: Span { start: 0, end: 19 },
            excerpt: "GUARANTEED\n returns".to_owned(),
            why: "SOUL violation: the persona never uses \"Guaranteed returns\"".to_owned(),
        }]
    );
}

#[test]
fn forbidden_words_match_as_a_reader_would() {
    assert_eq!(
        words("A scam. SCAM! ｓｃａｍ ѕсаm sc\u{200B}am", &["scam"]).len(),
        5
    );
    assert_eq!(
        words("scamper, escam, scam_x, scams, scâm", &["scam"]),
        [""; 0]
    );
    assert_eq!(
        words("Fall, mall and tall", &["fail", "mail", "tail"]),
        [""; 0]
    );
    assert_eq!(
        words("café CAFE\u{301}, cafe", &["Café"]),
        ["café", "CAFE\u{301}"]
    );
    assert_eq!(words("STRASSE", &["Straße"]), ["STRASSE"]);
    assert_eq!(words("これは詐欺です", &["詐欺"]), ["詐欺"]);
    assert_eq!(words("C++ and C#", &["C++"]), ["C++"]);
    assert_eq!(words("anything", &[]), [""; 0]);
}

#[test]
fn secrets_and_personal_data_are_found_and_never_quoted() {
    let key = format!("sk-{}", "abcdef1234567890");
    let text = format!("Mail jane@example.org, key {key}");
    let findings = check(&text, &Rules::default());
    let shown: Vec<_> = findings
        .iter()
        .map(|f| (f.category, f.excerpt.as_str(), f.why.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            (
                Category::Sensitive(SensitiveKind::Email),
                "[email]",
                "the text contains an e-mail address"
            ),
            (
                Category::Sensitive(SensitiveKind::ApiKey),
                "sk-****",
                "the text contains an API key or access token"
            ),
        ]
    );
}

#[test]
fn security_keywords_hold_a_text_as_words_only() {
    let keyword = |text: &str| {
        found(text, &[])
            .into_iter()
            .filter(|f| f.0 == Category::SecurityKeyword)
            .count()
    };
    for text in [
        "Your Password",
        "a secret key",
        "delete  all posts",
        "override security now",
        "leaks PII",
        "my ssn",
        "pаssword",
        "two seed phrases",
        "a ѕeed phrase",
    ] {
        assert_eq!(keyword(text), 1, "{text}");
    }
    for text in [
        "passwordless login",
        "happiness",
        "compiiled",
        "deleted all",
        "secret garden key",
        "birdseed phrases",
    ] {
        assert_eq!(keyword(text), 0, "{text}");
    }
}

#[test]
fn hidden_characters_do_not_leave_unseen() {
    let hidden = found("a\u{202E}b\u{200B}c\u{200B}\r\n❤️", &[]);
    assert_eq!(
        hidden,
        [
            (Category::Hidden(HiddenKind::Bidi), "\u{202E}".to_owned()),
            (
                Category::Hidden(HiddenKind::ZeroWidth),
                "\u{200B}".to_owned()
            )
        ]
    );
}

#[test]
fn a_word_that_is_taken_for_another_one_is_found_and_a_text_in_one_script_is_not() {
    let told = |text: &str| -> Vec<(Category, String, String)> {
        let found = check(text, &Rules::new([""; 0], vec![]).unwrap()).into_iter();
        found.map(|f| (f.category, f.excerpt, f.why)).collect()
    };
    assert_eq!(
        told("Sign in at раypal today"),
        [(
            Category::LookAlike,
            "раypal".to_owned(),
            "a word mixes letters of several scripts and reads like \"paypal\"".to_owned()
        )]
    );
    assert_eq!(
        told("Sign in at сосо today"),
        [(
            Category::LookAlike,
            "сосо".to_owned(),
            "a word is written in another script and reads like \"coco\"".to_owned()
        )]
    );
    for text in [
        "Она росла в России, и рос её сор: раз, два",
        "Ελλάδα: όλα τα νέα του καφέ, ρο και ο",
        "Кофе с OpenAI и Chrome: https://example.com/blog",
        "東京のcafeでTシャツを買う",
    ] {
        assert_eq!(told(text), [], "{text}");
    }
}

#[test]
fn an_ordinary_post_passes() {
    for text in [
        "New on the blog: how we test 1,000 feeds a day 🚀 https://example.com/blog/2026/11/21?ref=x #rust",
        "Thanks @jane — see you at 10:30! 👨‍👩‍👧",
        "Grüße aus Köln: 12 Tipps für den Winter ❄️",
    ] {
        assert_eq!(check(text, &Rules::new(["hype"], security()).unwrap()), []);
    }
}

#[test]
fn a_list_of_forbidden_words_has_limits() {
    assert_eq!(
        Rules::new(["ok", " \u{200B} "], vec![]).unwrap_err(),
        RulesError::Unusable {
            word: "\u{200B}".to_owned()
        }
    );
    assert!(matches!(
        Rules::new(["x".repeat(101)], vec![]),
        Err(RulesError::Unusable { .. })
    ));
    assert_eq!(
        Rules::new(vec!["a"; 1001], vec![]).unwrap_err(),
        RulesError::TooMany { count: 1001 }
    );
}

#[test]
fn many_findings_of_one_kind_leave_room_for_others() {
    let text = format!(
        "{} scam {}{}",
        "password ".repeat(200),
        "sk-",
        "abcdef1234567890"
    );
    let found = found(&text, &["scam"]);
    assert_eq!(found.len(), MAX_FINDINGS + 2);
    assert!(found.iter().any(|f| f.0 == Category::ForbiddenWord));
    assert!(
        found
            .iter()
            .any(|f| f.0 == Category::Sensitive(SensitiveKind::ApiKey))
    );
}

#[test]
fn a_text_too_long_to_be_checked_says_so() {
    let text = "x ".repeat(MAX_TEXT_BYTES / 2 + 1);
    assert_eq!(found(&text, &[]), [(Category::Unread, "x ".to_owned())]);
}

proptest! {
    #[test]
    fn every_span_is_valid(text in "\\PC{0,60}|(scam|ѕсам|\u{200B}|password|é|👨|sk-a1b2c3d4e5| ){0,12}") {
        for finding in check(&text, &Rules::new(["scam", "é"], security()).unwrap()) {
            prop_assert!(finding.span.start < finding.span.end);
            prop_assert!(text.get(finding.span.start..finding.span.end).is_some());
        }
    }
}
