//! The check before canonicalization: a serializer that writes nothing and refuses what the
//! writing one would lose silently (digits of large integers, non-finite numbers inside
//! containers, all but one of equal names).
//!
//! Never here: output.

use std::collections::HashSet;
use std::fmt::Display;

use serde::ser::{self, Serialize, SerializeMap, Serializer};

use crate::{CanonError, MAX_EXACT_INTEGER};

/// Passes exactly the values whose canonical form keeps everything.
pub(crate) fn check(value: &(impl Serialize + ?Sized)) -> Result<(), CanonError> {
    value.serialize(Strict)
}

impl ser::Error for CanonError {
    fn custom<T: Display>(reason: T) -> Self {
        Self::NotCanonical {
            reason: reason.to_string(),
        }
    }
}

fn integer(value: impl TryInto<i128> + Display + Copy) -> Result<(), CanonError> {
    match value.try_into() {
        Ok(n) if n.unsigned_abs() <= u128::from(MAX_EXACT_INTEGER) => Ok(()),
        _ => Err(ser::Error::custom(format_args!(
            "the integer {value} is beyond ±(2^53 − 1) and would lose digits; write it as a string"
        ))),
    }
}

fn float(value: f64) -> Result<(), CanonError> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(ser::Error::custom(format_args!(
            "{value} is not a finite number"
        )))
    }
}

struct Strict;

/// Elements and fields; `names` is what one object has had so far.
#[derive(Default)]
struct Inside {
    names: HashSet<String>,
}

impl Inside {
    fn name(&mut self, name: String) -> Result<(), CanonError> {
        if self.names.contains(&name) {
            return Err(ser::Error::custom(format_args!(
                "the name {name:?} occurs twice in one object"
            )));
        }
        self.names.insert(name);
        Ok(())
    }
}

/// Serializes as an object with this one key, which is how the key's text is learned.
struct OnlyKey<'a, T: ?Sized>(&'a T);

impl<T: Serialize + ?Sized> Serialize for OnlyKey<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &())?;
        map.end()
    }
}

macro_rules! scalars {
    ($($method:ident($type:ty) => $check:expr;)*) => {
        $(fn $method(self, value: $type) -> Result<(), CanonError> {
            $check(value)
        })*
    };
}

fn fine<T>(_: T) -> Result<(), CanonError> {
    Ok(())
}

impl Serializer for Strict {
    type Ok = ();
    type Error = CanonError;
    type SerializeSeq = Inside;
    type SerializeTuple = Inside;
    type SerializeTupleStruct = Inside;
    type SerializeTupleVariant = Inside;
    type SerializeMap = Inside;
    type SerializeStruct = Inside;
    type SerializeStructVariant = Inside;

    scalars! {
        serialize_bool(bool) => fine;
        serialize_i8(i8) => fine;
        serialize_i16(i16) => fine;
        serialize_i32(i32) => fine;
        serialize_i64(i64) => integer;
        serialize_i128(i128) => integer;
        serialize_u8(u8) => fine;
        serialize_u16(u16) => fine;
        serialize_u32(u32) => fine;
        serialize_u64(u64) => integer;
        serialize_u128(u128) => integer;
        serialize_f32(f32) => |v| float(f64::from(v));
        serialize_f64(f64) => float;
        serialize_char(char) => fine;
        serialize_str(&str) => fine;
        serialize_bytes(&[u8]) => fine;
        serialize_unit_struct(&'static str) => fine;
    }

    fn serialize_none(self) -> Result<(), CanonError> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CanonError> {
        check(value)
    }

    fn serialize_unit(self) -> Result<(), CanonError> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), CanonError> {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), CanonError> {
        check(value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), CanonError> {
        check(value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside, CanonError> {
        Ok(Inside::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside, CanonError> {
        Ok(Inside::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Inside, CanonError> {
        Ok(Inside::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Inside, CanonError> {
        Ok(Inside::default())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside, CanonError> {
        Ok(Inside::default())
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Inside, CanonError> {
        // serde_json smuggles raw text and arbitrary-precision numbers through such structs.
        if name.starts_with("$serde_json::private::") {
            return Err(ser::Error::custom(
                "raw JSON text and arbitrary-precision numbers are not supported",
            ));
        }
        Ok(Inside::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Inside, CanonError> {
        Ok(Inside::default())
    }
}

macro_rules! elements {
    ($($trait:ident :: $method:ident),*) => {
        $(impl ser::$trait for Inside {
            type Ok = ();
            type Error = CanonError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonError> {
                check(value)
            }

            fn end(self) -> Result<(), CanonError> {
                Ok(())
            }
        })*
    };
}

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Inside {
            type Ok = ();
            type Error = CanonError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), CanonError> {
                self.name(name.to_owned())?;
                check(value)
            }

            fn end(self) -> Result<(), CanonError> {
                Ok(())
            }
        })*
    };
}

elements!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Inside {
    type Ok = ();
    type Error = CanonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CanonError> {
        check(key)?;
        match serde_json::to_value(OnlyKey(key)).map_err(ser::Error::custom)? {
            serde_json::Value::Object(object) => {
                object.into_iter().try_for_each(|(name, _)| self.name(name))
            }
            _ => Err(ser::Error::custom("a key of a map is not text")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonError> {
        check(value)
    }

    fn end(self) -> Result<(), CanonError> {
        Ok(())
    }
}
