//! The producer of `bincode` as a plugin of waPC.

weft_guest::schemas::with_messages! { [weft_wapc_guest::serde_producer] codec::Bincode }
