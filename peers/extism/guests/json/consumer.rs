//! The consumer of `json` as a plugin of Extism.

weft_guest::schemas::with_messages! { [weft_extism_guest::serde_consumer] codec::Json }
