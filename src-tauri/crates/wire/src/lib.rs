//! Domain into contract and back, one file per area: pure, and checked by the compiler, so that a
//! variant or a field that one side lacks does not build.
//!
//! Never here: HTTP, reading from the store, or a decision.

pub mod authorizing;
pub mod campaign;
pub mod connection;
pub mod content;
pub mod event;
pub mod log;
pub mod memory;
pub mod outbox;
pub mod people;
pub mod persona;
pub mod persona_diff;
pub mod plan;
pub mod policy;
pub mod provenance;
pub mod question;
pub mod registry;
pub mod review;
pub mod spending;
pub mod swarm;
pub mod task;
pub mod trace;
pub mod work;

/// What crosses the wire for a value of the domain.
pub trait ToWire {
    /// Its type on the wire.
    type Wire;
    /// As it crosses.
    fn wire(&self) -> Self::Wire;
}

/// What the domain makes of a value from the wire.
pub trait ToDomain {
    /// Its type inside.
    type Domain;
    /// As it is inside.
    fn domain(&self) -> Self::Domain;
}

impl<T: ToWire> ToWire for Option<T> {
    type Wire = Option<T::Wire>;
    fn wire(&self) -> Self::Wire {
        self.as_ref().map(ToWire::wire)
    }
}

impl<T: ToWire> ToWire for Vec<T> {
    type Wire = Vec<T::Wire>;
    fn wire(&self) -> Self::Wire {
        self.iter().map(ToWire::wire).collect()
    }
}

/// Two enums with the same variants: out, and back where it says so. A variant that is missing on one
/// side does not compile.
macro_rules! mirror {
    ($domain:path => $wire:path { $($name:ident),+ $(,)? }) => {
        impl $crate::ToWire for $domain {
            type Wire = $wire;
            fn wire(&self) -> $wire {
                use $domain as Inside;
                use $wire as Outside;
                match self { $(Inside::$name => Outside::$name),+ }
            }
        }
    };
    ($domain:path => $wire:path { $($name:ident),+ $(,)? } and back) => {
        $crate::mirror!($domain => $wire { $($name),+ });
        impl $crate::ToDomain for $wire {
            type Domain = $domain;
            fn domain(&self) -> $domain {
                use $domain as Inside;
                use $wire as Outside;
                match self { $(Outside::$name => Inside::$name),+ }
            }
        }
    };
}
pub(crate) use mirror;

/// A value from the wire that the domain does not take. Nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotTaken(pub String);

/// One or two letters for an avatar: the first letters of the first two words.
#[must_use]
pub fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().find(|sign| sign.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_two_words() {
        for (name, letters) in [
            ("Mara Voss", "MV"),
            ("Dalia", "D"),
            ("  émile  de la Tour", "ÉD"),
            ("(x) 9lives", "X9"),
            ("", ""),
        ] {
            assert_eq!(initials(name), letters);
        }
    }
}
