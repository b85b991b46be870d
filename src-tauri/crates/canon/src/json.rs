//! RFC 8785 (JSON Canonicalization Scheme), kept strict where the scheme would lose
//! information: two different values never share their canonical bytes.
//!
//! Never here: hashing, pretty printing.

use serde::Serialize;

use crate::{CanonError, strict};

/// Largest integer magnitude with an exact canonical form, 2^53 − 1. JCS writes numbers as
/// IEEE doubles, so beyond this two different amounts would get one digest; write such
/// amounts as strings.
pub const MAX_EXACT_INTEGER: u64 = (1 << 53) - 1;

/// The canonical UTF-8 bytes of `value` per RFC 8785.
///
/// # Errors
/// [`CanonError::NotCanonical`] for NaN and infinities, integers beyond
/// [`MAX_EXACT_INTEGER`], a name that occurs twice in one object, and map keys that are not
/// text or numbers.
pub fn canonical_json(value: &impl Serialize) -> Result<Vec<u8>, CanonError> {
    strict::check(value)?;
    serde_json_canonicalizer::to_vec(value).map_err(|e| CanonError::NotCanonical {
        reason: e.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    fn check(input: &str, expected: &str) {
        let value: Value = serde_json::from_str(input).unwrap();
        assert_eq!(
            String::from_utf8(canonical_json(&value).unwrap()).unwrap(),
            expected
        );
    }

    fn refused(value: &impl Serialize, reason: &str) {
        let CanonError::NotCanonical { reason: got } = canonical_json(value).unwrap_err() else {
            panic!()
        };
        assert!(got.contains(reason), "{got}");
    }

    #[test]
    fn the_example_of_rfc_8785_section_3_2_2() {
        check(
            r#"{
                "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                "literals": [null, true, false]
            }"#,
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
             \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
        );
    }

    #[test]
    fn names_sort_by_utf16_units_as_in_rfc_8785_section_3_2_3() {
        check(
            r#"{
                "\u20ac": "Euro Sign", "\r": "Carriage Return",
                "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
                "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
                "\u00f6": "Latin Small Letter O With Diaeresis"
            }"#,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
             \"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\
             \"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
        );
    }

    #[test]
    fn number_samples_of_rfc_8785_appendix_b() {
        for (bits, text) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x4340_0000_0000_0001, "9007199254740994"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(
                String::from_utf8(canonical_json(&f64::from_bits(bits)).unwrap()).unwrap(),
                text
            );
        }
    }

    #[test]
    fn what_has_no_exact_form_is_refused_and_not_rounded() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            refused(&number, "not a finite number");
            refused(
                &BTreeMap::from([("deep", [Some(number)])]),
                "not a finite number",
            );
        }
        assert_eq!(
            canonical_json(&9_007_199_254_740_991_i64).unwrap(),
            b"9007199254740991"
        );
        assert_eq!(
            canonical_json(&-9_007_199_254_740_991_i64).unwrap(),
            b"-9007199254740991"
        );
        refused(&9_007_199_254_740_992_u64, "write it as a string");
        refused(&json!({"amount": i64::MIN}), "-9223372036854775808");
        refused(&u128::MAX, "write it as a string");
        refused(&BTreeMap::from([(u64::MAX, "key")]), "write it as a string");
    }

    #[test]
    fn a_name_given_twice_is_refused_even_when_spelled_through_escapes() {
        #[derive(Serialize)]
        struct Outer {
            #[serde(rename = "a\n\"")]
            own: u8,
            #[serde(flatten)]
            rest: BTreeMap<&'static str, u8>,
        }
        refused(
            &Outer {
                own: 1,
                rest: BTreeMap::from([("a\n\"", 2)]),
            },
            "occurs twice",
        );
        let fine = Outer {
            own: 1,
            rest: BTreeMap::from([("a", 2)]),
        };
        assert_eq!(canonical_json(&fine).unwrap(), br#"{"a":2,"a\n\"":1}"#);
        check(r#"[{"a":{"a":1}},{"a":2}]"#, r#"[{"a":{"a":1}},{"a":2}]"#);
    }
}
