//! The producer of `msgpack` as a plugin of Extism.

weft_guest::schemas::with_messages! { [weft_extism_guest::serde_producer] codec::MessagePack }
