//! The messages of `weaviate.v1`, and of the health check that gRPC servers share, as far as memory speaks them: field numbers and types of the public schema (1.40),
//! written by hand, so that no compiler of schemas is needed to build this.
//!
//! What is not here is skipped when it is read and left out when it is written. Never here: what they are for.

use std::collections::BTreeMap;

use prost::{Enumeration, Message};

#[derive(Clone, PartialEq, Message)]
pub(crate) struct HealthCheckRequest {
    #[prost(string, tag = "1")]
    pub(crate) service: String,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct HealthCheckResponse {
    #[prost(enumeration = "Health", tag = "1")]
    pub(crate) status: i32,
}

/// Whether a server takes calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enumeration)]
#[repr(i32)]
pub(crate) enum Health {
    Unknown = 0,
    Serving = 1,
    NotServing = 2,
}

/// How a condition compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enumeration)]
#[repr(i32)]
pub(crate) enum Operator {
    Unspecified = 0,
    Equal = 1,
    And = 7,
}

/// How the two lists of a hybrid search become one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enumeration)]
#[repr(i32)]
pub(crate) enum Fusion {
    Unspecified = 0,
    Ranked = 1,
}

/// What the bytes of a vector are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enumeration)]
#[repr(i32)]
pub(crate) enum VectorType {
    Unspecified = 0,
    SingleFp32 = 1,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SearchRequest {
    #[prost(string, tag = "1")]
    pub(crate) collection: String,
    #[prost(string, tag = "10")]
    pub(crate) tenant: String,
    #[prost(message, optional, tag = "20")]
    pub(crate) properties: Option<PropertiesRequest>,
    #[prost(message, optional, tag = "21")]
    pub(crate) metadata: Option<MetadataRequest>,
    #[prost(uint32, tag = "30")]
    pub(crate) limit: u32,
    #[prost(message, optional, tag = "40")]
    pub(crate) filters: Option<Filters>,
    #[prost(message, optional, tag = "41")]
    pub(crate) hybrid_search: Option<Hybrid>,
    #[prost(message, optional, tag = "42")]
    pub(crate) bm25_search: Option<Bm25>,
    #[prost(message, optional, tag = "43")]
    pub(crate) near_vector: Option<NearVector>,
    #[prost(bool, tag = "100")]
    pub(crate) uses_123_api: bool,
    #[prost(bool, tag = "101")]
    pub(crate) uses_125_api: bool,
    #[prost(bool, tag = "102")]
    pub(crate) uses_127_api: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct PropertiesRequest {
    #[prost(string, repeated, tag = "1")]
    pub(crate) non_ref_properties: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct MetadataRequest {
    #[prost(bool, tag = "1")]
    pub(crate) uuid: bool,
    #[prost(bool, tag = "5")]
    pub(crate) distance: bool,
    #[prost(bool, tag = "7")]
    pub(crate) score: bool,
}

/// A condition on a property, or several conditions together.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Filters {
    #[prost(enumeration = "Operator", tag = "1")]
    pub(crate) operator: i32,
    #[prost(message, repeated, tag = "3")]
    pub(crate) filters: Vec<Filters>,
    #[prost(string, optional, tag = "4")]
    pub(crate) value_text: Option<String>,
    #[prost(message, optional, tag = "20")]
    pub(crate) target: Option<FilterTarget>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct FilterTarget {
    #[prost(string, optional, tag = "1")]
    pub(crate) property: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Hybrid {
    #[prost(string, tag = "1")]
    pub(crate) query: String,
    #[prost(string, repeated, tag = "2")]
    pub(crate) properties: Vec<String>,
    #[prost(enumeration = "Fusion", tag = "5")]
    pub(crate) fusion_type: i32,
    #[prost(bytes = "vec", tag = "6")]
    pub(crate) vector_bytes: Vec<u8>,
    #[prost(message, optional, tag = "10")]
    pub(crate) targets: Option<Targets>,
    #[prost(float, optional, tag = "12")]
    pub(crate) alpha_param: Option<f32>,
    #[prost(bool, tag = "13")]
    pub(crate) use_alpha_param: bool,
    #[prost(float, optional, tag = "20")]
    pub(crate) vector_distance: Option<f32>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Targets {
    #[prost(string, repeated, tag = "1")]
    pub(crate) target_vectors: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Bm25 {
    #[prost(string, tag = "1")]
    pub(crate) query: String,
    #[prost(string, repeated, tag = "2")]
    pub(crate) properties: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct NearVector {
    #[prost(double, optional, tag = "3")]
    pub(crate) distance: Option<f64>,
    #[prost(message, optional, tag = "6")]
    pub(crate) targets: Option<Targets>,
    #[prost(message, repeated, tag = "9")]
    pub(crate) vectors: Vec<Vectors>,
}

/// One vector: its numbers as 32-bit floats, the lowest byte first.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Vectors {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(bytes = "vec", tag = "3")]
    pub(crate) vector_bytes: Vec<u8>,
    #[prost(enumeration = "VectorType", tag = "4")]
    pub(crate) r#type: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SearchReply {
    #[prost(float, tag = "1")]
    pub(crate) took: f32,
    #[prost(message, repeated, tag = "2")]
    pub(crate) results: Vec<SearchResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SearchResult {
    #[prost(message, optional, tag = "1")]
    pub(crate) properties: Option<PropertiesResult>,
    #[prost(message, optional, tag = "2")]
    pub(crate) metadata: Option<MetadataResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct PropertiesResult {
    #[prost(string, tag = "3")]
    pub(crate) target_collection: String,
    #[prost(message, optional, tag = "11")]
    pub(crate) non_ref_props: Option<Properties>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Properties {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) fields: BTreeMap<String, Value>,
}

/// A property's value as a search gives it back; one of them is there.
#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct Value {
    #[prost(double, optional, tag = "1")]
    pub(crate) number_value: Option<f64>,
    #[prost(int64, optional, tag = "8")]
    pub(crate) int_value: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct MetadataResult {
    #[prost(string, tag = "1")]
    pub(crate) id: String,
    #[prost(float, tag = "7")]
    pub(crate) distance: f32,
    #[prost(bool, tag = "8")]
    pub(crate) distance_present: bool,
    #[prost(float, tag = "11")]
    pub(crate) score: f32,
    #[prost(bool, tag = "12")]
    pub(crate) score_present: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct BatchObjectsRequest {
    #[prost(message, repeated, tag = "1")]
    pub(crate) objects: Vec<BatchObject>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct BatchObject {
    #[prost(string, tag = "1")]
    pub(crate) uuid: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) properties: Option<ObjectProperties>,
    #[prost(string, tag = "4")]
    pub(crate) collection: String,
    #[prost(string, tag = "5")]
    pub(crate) tenant: String,
    #[prost(message, repeated, tag = "23")]
    pub(crate) vectors: Vec<Vectors>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ObjectProperties {
    #[prost(message, optional, tag = "1")]
    pub(crate) non_ref_properties: Option<Struct>,
    #[prost(message, repeated, tag = "6")]
    pub(crate) text_array_properties: Vec<TextArrayProperties>,
    #[prost(string, repeated, tag = "10")]
    pub(crate) empty_list_props: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TextArrayProperties {
    #[prost(string, repeated, tag = "1")]
    pub(crate) values: Vec<String>,
    #[prost(string, tag = "2")]
    pub(crate) prop_name: String,
}

/// `google.protobuf.Struct`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Struct {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) fields: BTreeMap<String, Plain>,
}

/// `google.protobuf.Value`; one of them is there.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Plain {
    #[prost(double, optional, tag = "2")]
    pub(crate) number_value: Option<f64>,
    #[prost(string, optional, tag = "3")]
    pub(crate) string_value: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct BatchObjectsReply {
    #[prost(float, tag = "1")]
    pub(crate) took: f32,
    #[prost(message, repeated, tag = "2")]
    pub(crate) errors: Vec<BatchError>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct BatchError {
    #[prost(int32, tag = "1")]
    pub(crate) index: i32,
    #[prost(string, tag = "2")]
    pub(crate) error: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct BatchDeleteRequest {
    #[prost(string, tag = "1")]
    pub(crate) collection: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) filters: Option<Filters>,
    #[prost(bool, tag = "3")]
    pub(crate) verbose: bool,
    #[prost(string, optional, tag = "6")]
    pub(crate) tenant: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct BatchDeleteReply {
    #[prost(float, tag = "1")]
    pub(crate) took: f32,
    #[prost(int64, tag = "2")]
    pub(crate) failed: i64,
    #[prost(int64, tag = "3")]
    pub(crate) matches: i64,
    #[prost(int64, tag = "4")]
    pub(crate) successful: i64,
    #[prost(message, repeated, tag = "5")]
    pub(crate) objects: Vec<BatchDeleteObject>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct BatchDeleteObject {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) uuid: Vec<u8>,
    #[prost(bool, tag = "2")]
    pub(crate) successful: bool,
    #[prost(string, optional, tag = "3")]
    pub(crate) error: Option<String>,
}
