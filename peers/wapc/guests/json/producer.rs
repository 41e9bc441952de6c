//! The producer of `json` as a plugin of waPC.

weft_guest::schemas::with_messages! { [weft_wapc_guest::serde_producer] codec::Json }
