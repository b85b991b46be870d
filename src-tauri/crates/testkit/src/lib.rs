//! Builders, fakes and contract suites for tests. Never here: anything that ships.
