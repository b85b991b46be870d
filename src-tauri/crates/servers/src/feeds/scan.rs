//! A look over XML before it is parsed: how deep, how wide, and where it breaks.
//!
//! The feed parser keeps every open namespace and compares every attribute with its neighbours,
//! which a hostile document can make very slow. Real feeds stay far below these bounds. It also
//! does not say where a document breaks; this does.
//!
//! Never here: what the elements mean.

use std::io::BufRead;

use chimera_domain::fault::Fault;
use quick_xml::{
    Reader,
    encoding::DecodingReader,
    events::{BytesStart, Event},
};

use super::fault::malformed;

/// Most elements inside each other.
const MAX_DEPTH: usize = 128;
/// Most attributes of one element.
const MAX_ATTRIBUTES: usize = 64;
/// Bytes within which a document that is not UTF-8 must have named its encoding.
const MAX_DECLARATION_BYTES: u64 = 64;
/// Most namespace declarations in force at once.
const MAX_OPEN_NAMESPACES: usize = 256;

/// Looks over an XML document.
///
/// # Errors
/// Where it breaks or goes beyond a bound, with line and column.
pub(super) fn scan(bytes: &[u8]) -> Result<(), Fault> {
    let mut reader = Reader::from_reader(DecodingReader::new(bytes));
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    let (mut buffer, mut open, mut namespaces, mut seen_any) = (Vec::new(), Vec::new(), 0, false);
    loop {
        buffer.clear();
        let at = |reader: &Reader<_>, why: &str| {
            malformed(format!(
                "{why} at {}",
                place(bytes, reader.error_position())
            ))
        };
        match next(&mut reader, &mut buffer) {
            Ok(Event::Start(tag)) => {
                seen_any = true;
                if tag.name().as_ref().eq_ignore_ascii_case("html") && open.is_empty() {
                    return Err(malformed(
                        "it is a web page, not a feed; most pages name their feed in their source",
                    ));
                }
                let declared = breadth(&tag).map_err(|why| at(&reader, why))?;
                namespaces += declared;
                open.push(declared);
                if open.len() > MAX_DEPTH {
                    return Err(at(&reader, "elements are nested too deeply"));
                }
                if namespaces > MAX_OPEN_NAMESPACES {
                    return Err(at(&reader, "there are too many namespaces"));
                }
            }
            Ok(Event::Empty(tag)) => {
                seen_any = true;
                breadth(&tag).map_err(|why| at(&reader, why))?;
            }
            // From here on the document is in the encoding that it says.
            Ok(Event::Decl(declaration)) => match declaration.encoder() {
                Some(encoding) if encoding == reader.get_ref().encoding() => {}
                // The decoder cannot change its mind later, and panics when asked to.
                Some(_) if reader.buffer_position() > MAX_DECLARATION_BYTES => {
                    return Err(at(&reader, "it names its encoding too late"));
                }
                Some(encoding) => reader.get_mut().set_encoding(encoding),
                None if declaration.encoding().is_some() => {
                    return Err(at(&reader, "it names an encoding that nobody knows"));
                }
                None => {}
            },
            Ok(Event::End(_)) => namespaces -= open.pop().unwrap_or(0),
            Ok(Event::Eof) if !open.is_empty() => {
                return Err(malformed(format!(
                    "it ends in the middle, with {} elements still open, at {}",
                    open.len(),
                    place(bytes, reader.buffer_position())
                )));
            }
            Ok(Event::Eof) if seen_any => return Ok(()),
            Ok(Event::Eof) => return Err(malformed("it holds no element")),
            Ok(_) => {}
            Err(error) => return Err(at(&reader, &error.to_string())),
        }
    }
}

fn next<'b, R: BufRead>(
    reader: &mut Reader<R>,
    buffer: &'b mut Vec<u8>,
) -> quick_xml::Result<Event<'b>> {
    reader.read_event_into(buffer)
}

/// How many namespaces a tag declares.
fn breadth(tag: &BytesStart<'_>) -> Result<usize, &'static str> {
    let (mut attributes, mut namespaces) = (0, 0);
    for attribute in tag.attributes().with_checks(false) {
        attributes += 1;
        if attributes > MAX_ATTRIBUTES {
            return Err("an element has too many attributes");
        }
        let attribute = attribute.map_err(|_| "an attribute is malformed")?;
        namespaces += usize::from(attribute.key.as_namespace_binding().is_some());
    }
    Ok(namespaces)
}

/// A byte offset as line and column. In documents that are not UTF-8 it is near, not exact.
fn place(bytes: &[u8], offset: u64) -> String {
    let end = usize::try_from(offset)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    let before = &bytes[..end];
    let line = before.split(|byte| *byte == b'\n').count();
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn broken(xml: &str, words: &[&str]) {
        let message = scan(xml.as_bytes()).unwrap_err().message;
        for word in words {
            assert!(message.contains(word), "{word}: {message}");
        }
    }

    #[test]
    fn a_break_is_named_with_its_place() {
        broken("<rss>\n <channel>\n  <title>x</titel>", &["line 3"]);
        broken(
            "<rss><channel>\n<item>",
            &["ends in the middle", "3 elements", "line 2"],
        );
        broken("<rss><channel attr='never closed", &["line 1"]);
        broken("   \n", &["no element"]);
        broken(
            "<?xml version='1.0' encoding='klingon'?><rss/>",
            &["nobody knows"],
        );
        let late = format!(
            "<!--{}--><?xml version='1.0' encoding='ISO-8859-1'?><rss/>",
            "x".repeat(100)
        );
        broken(&late, &["too late"]);
        broken("<!DOCTYPE html>\n<HTML><body>", &["web page"]);
    }

    #[test]
    fn what_real_feeds_do_passes() {
        scan(b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<rss version='2.0'><t>\xe9</t></rss>")
            .unwrap();
        scan("\u{feff}<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>".as_bytes())
            .unwrap();
        let entries = "<entry><div xmlns='http://www.w3.org/1999/xhtml'/></entry>".repeat(5_000);
        scan(format!("<feed>{entries}</feed>").as_bytes()).unwrap();
    }

    #[test]
    fn documents_made_to_be_slow_are_refused() {
        broken(&"<a>".repeat(200_000), &["too deeply"]);
        let nested: String = (0..100)
            .map(|n| format!("<a xmlns:a{n}='x' xmlns:b{n}='x' xmlns:c{n}='x'>"))
            .collect();
        broken(&nested, &["too many namespaces"]);
        let wide: String = (0..100_000).map(|n| format!(" a{n}='x'")).collect();
        broken(&format!("<rss{wide}>"), &["too many attributes"]);
    }
}
