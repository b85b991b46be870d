//! Domain into contract and back, one file per area.
//!
//! Never here: reading from the store, or a decision.

pub(crate) mod campaign;
pub(crate) mod connection;
pub(crate) mod content;
pub(crate) mod event;
pub(crate) mod log;
pub(crate) mod people;
pub(crate) mod persona;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod review;
pub(crate) mod swarm;
pub(crate) mod task;
pub(crate) mod trace;
pub(crate) mod work;

/// What crosses the wire for a value of the domain.
pub(crate) trait ToWire {
    /// Its type on the wire.
    type Wire;
    /// As it crosses.
    fn wire(&self) -> Self::Wire;
}

/// What the domain makes of a value from the wire.
pub(crate) trait ToDomain {
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
        impl $crate::convert::ToWire for $domain {
            type Wire = $wire;
            fn wire(&self) -> $wire {
                use $domain as Inside;
                use $wire as Outside;
                match self { $(Inside::$name => Outside::$name),+ }
            }
        }
    };
    ($domain:path => $wire:path { $($name:ident),+ $(,)? } and back) => {
        $crate::convert::mirror!($domain => $wire { $($name),+ });
        impl $crate::convert::ToDomain for $wire {
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

/// One or two letters for an avatar: the first letters of the first two words.
pub(crate) fn initials(name: &str) -> String {
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
