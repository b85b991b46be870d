//! The one integration binary: whole behaviours of Chimera through its public
//! doors, on real stores and real child processes. Unit tests never live here
//! (they sit beside their code), and nothing here may link the window.
